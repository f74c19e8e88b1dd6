import Kube

/// A 128-bit fingerprint of a JSON value, the same whatever the order of members.
///
/// Not cryptographic, and need not be: two values differ in their fingerprints but for a chance of 2⁻¹²⁸, the seed is
/// drawn anew in each process so that nobody can prepare a collision, and fingerprints never leave the process. What a
/// collision could do is leave one edited field unrepaired until the next change.
struct Digest: Sendable, Hashable {
    private var high: UInt64
    private var low: UInt64

    /// The fingerprint of a value. Numbers count by value; `1` and `1.0` are the same.
    init(_ json: JSON) {
        var hasher = DigestHasher()
        hasher.combine(json)
        (high, low) = hasher.finish()
    }

    /// The fingerprint of a text.
    init(_ text: String) { self.init(.string(text)) }
}

/// Two lanes of multiply-and-fold, as in wyhash, fed with words of eight bytes.
private struct DigestHasher {
    private static let seed = (random(), random())
    private static let factors = (random(), random())

    private static func random() -> UInt64 { .random(in: .min ... .max) }

    private var first = Self.seed.0
    private var second = Self.seed.1

    mutating func mix(_ word: UInt64) {
        first = Self.fold(first ^ word, 0x9E37_79B9_7F4A_7C15)
        second = Self.fold(second &+ word, 0xD1B5_4A32_D192_ED03) ^ first.byteSwapped
    }

    mutating func combine(_ json: JSON) {
        // The tag of each kind keeps `"1"`, `1` and `[1]` apart; counts keep nested values apart.
        switch json {
        case .null: mix(1)
        case .bool(let value): mix(value ? 3 : 2)
        case .int(let value):
            mix(4)
            mix(UInt64(bitPattern: value))
        case .double(let value):
            if let whole = Int64(exactly: value) { return combine(.int(whole)) }
            mix(5)
            mix(value.bitPattern)
        case .string(let text):
            mix(6)
            combine(text)
        case .array(let elements):
            mix(7)
            mix(UInt64(elements.count))
            for element in elements { combine(element) }
        case .object(let members):
            mix(8)
            mix(UInt64(members.count))
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                combine(key)
                combine(value)
            }
        }
    }

    mutating func combine(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            mix(UInt64(bytes.count))
            // A configuration has megabytes, and is looked at after each of its changes.
            let raw = UnsafeRawBufferPointer(bytes)
            func word(_ offset: Int) -> UInt64 { raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
            var offset = 0
            // Each lane sees both words, with one multiplication for the two.
            let factors = Self.factors
            while offset + 16 <= raw.count {
                let (even, odd) = (word(offset), word(offset + 8))
                first = Self.fold(first ^ even, factors.0 ^ odd)
                second = Self.fold(second &+ odd, factors.1 ^ even)
                offset += 16
            }
            if offset + 8 <= raw.count {
                mix(word(offset))
                offset += 8
            }
            guard offset < raw.count else { return }
            var word: UInt64 = 0
            for index in offset..<raw.count { word = word << 8 | UInt64(raw[index]) }
            mix(word)
        }
    }

    func finish() -> (UInt64, UInt64) {
        var end = self
        end.mix(0)
        end.mix(UInt64.max)
        return (end.first, end.second)
    }

    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        // The plain value is folded in too, so that no word turns the lane into nought.
        return product.high ^ product.low ^ left.byteSwapped
    }
}
