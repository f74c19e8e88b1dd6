/// A kind of object storage that Thanos knows: the keys of its configuration, and what Thanos asks of them.
///
/// The tables are those of `thanos-io/objstore`, the library that Thanos reads the configuration with.
struct StorageProvider: Sendable {
    /// The value of `type`.
    let type: String
    /// The keys below `config`.
    let keys: @Sendable () -> [StorageKey]
    /// The keys that must be there and hold something.
    let required: [String]
    /// Whether Thanos refuses keys that it does not know; it ignores them otherwise.
    let isStrict: Bool
    /// What else is wrong.
    let problems: @Sendable (StorageValues) -> [StorageFinding]

    init(
        _ type: String, required: [String], isStrict: Bool = true, keys: @escaping @Sendable () -> [StorageKey],
        problems: @escaping @Sendable (StorageValues) -> [StorageFinding] = { _ in [] }
    ) {
        self.type = type
        self.keys = keys
        self.required = required
        self.isStrict = isStrict
        self.problems = problems
    }

    /// All kinds that Thanos knows.
    static let all: [StorageProvider] = [
        .s3, .gcs, .azure, .swift, .filesystem, .cos, .aliyunOSS, .bos, .oci, .obs,
    ]
}
