/// The hash FNV-1a: equal input gives equal output in every run of the program, unlike Swift's `Hasher`.
enum FNV1a {
    /// The 32-bit hash.
    static func hash32(_ bytes: some Sequence<UInt8>) -> UInt32 {
        bytes.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }

    /// The 64-bit hash.
    static func hash64(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }
}
