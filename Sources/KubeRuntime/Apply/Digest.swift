import Crypto
import Kube

/// A 128-bit fingerprint of a JSON value, the same whatever the order of members: SHA-256, cut to 16 bytes.
///
/// An edit that keeps the fingerprint would not be repaired. With a cryptographic hash no such edit can be made up.
struct Digest: Sendable, Hashable {
    private let high: UInt64
    private let low: UInt64

    /// The fingerprint of a value. Numbers count by value; `1` and `1.0` are the same.
    init(_ json: JSON) {
        var texts = TextDigests()
        self.init(json, &texts)
    }

    /// The fingerprint of a value. Long texts that were in it before are not read again.
    init(_ json: JSON, _ texts: inout TextDigests) {
        texts.begin()
        let hash = SHA256()
        hash.combine(json, &texts)
        texts.end()
        self.init(hash)
    }

    /// The fingerprint of a text.
    fileprivate init(text: String) {
        let hash = SHA256()
        hash.combine(text)
        self.init(hash)
    }

    private init(_ hash: SHA256) {
        (high, low) = hash.finish().withUnsafeBytes { bytes in
            (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
    }

    fileprivate var words: (UInt64, UInt64) { (high, low) }
}

/// The fingerprints of the long texts of one object, so that an edit of one text has only that one read again.
///
/// A configuration has up to 64 parts of 700 kB each, and nearly all of them stay the same from one plan to the next. A
/// text that stays the same usually has the same memory, too, which makes the comparison immediate.
struct TextDigests: Sendable {
    /// The shortest text that is worth it, in bytes.
    static let shortest = 4096

    private typealias Known = (text: String, digest: Digest)

    private var before: [Known] = []
    private var now: [Known] = []
    /// How many texts were read.
    private(set) var readTexts = 0

    /// Whether the object has no long text.
    var isEmpty: Bool { now.isEmpty }

    /// Begins with the object as it is now: what it no longer has is forgotten after that.
    fileprivate mutating func begin() {
        before = now
        now = []
    }

    fileprivate mutating func digest(of text: String) -> Digest {
        let known = before.first { $0.text == text }?.digest
        if known == nil { readTexts += 1 }
        let digest = known ?? Digest(text: text)
        now.append((text, digest))
        return digest
    }

    /// Drops what only ``begin()`` needs.
    fileprivate mutating func end() { before = [] }
}

extension SHA256 {
    /// What a value is; a number is never taken for the text that has the same bytes.
    private enum Tag: UInt8 {
        case null, bool, int, double, text, longText, array, object
    }

    fileprivate func combine(_ json: JSON, _ texts: inout TextDigests) {
        // Counts keep nested values apart.
        switch json {
        case .null: combine(.null, 0)
        case .bool(let value): combine(.bool, value ? 1 : 0)
        case .int(let value): combine(.int, UInt64(bitPattern: value))
        case .double(let value):
            if let whole = Int64(exactly: value) { return combine(.int, UInt64(bitPattern: whole)) }
            combine(.double, value.bitPattern)
        case .string(let text):
            guard text.utf8.count >= TextDigests.shortest else { return combine(text) }
            let (high, low) = texts.digest(of: text).words
            combine(.longText, high)
            combine(.longText, low)
        case .array(let elements):
            combine(.array, UInt64(elements.count))
            for element in elements { combine(element, &texts) }
        case .object(let members):
            combine(.object, UInt64(members.count))
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                combine(key)
                combine(value, &texts)
            }
        }
    }

    fileprivate func combine(_ text: String) {
        combine(.text, UInt64(text.utf8.count))
        update(text)
    }

    private func combine(_ tag: Tag, _ value: UInt64) {
        withUnsafeBytes(of: tag.rawValue) { update($0) }
        withUnsafeBytes(of: value.littleEndian) { update($0) }
    }
}
