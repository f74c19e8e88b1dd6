/// An object's UID, in 16 bytes where it is a UUID as the API server makes them.
public struct UID: Sendable, Hashable, CustomStringConvertible {
    private enum Form: Hashable {
        case uuid(UInt64, UInt64)
        case text(String)
    }

    private let form: Form

    /// Takes a UID of any form.
    public init(_ text: String) { form = Self.uuid(text) ?? .text(text) }

    /// The UID as it was given.
    public var description: String {
        switch form {
        case .text(let text): return text
        case .uuid(let high, let low):
            var text = ""
            for (index, word) in [high, low].enumerated() {
                for digit in 0..<16 {
                    if [8, 12, 16, 20].contains(index * 16 + digit) { text += "-" }
                    text += String(word >> UInt64(60 - 4 * digit) & 15, radix: 16)
                }
            }
            return text
        }
    }

    private static func uuid(_ text: String) -> Form? {
        guard text.utf8.count == 36 else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        var digits = 0
        for (index, byte) in text.utf8.enumerated() {
            if [8, 13, 18, 23].contains(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            let value: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            if digits < 16 { words.0 = words.0 << 4 | UInt64(value) } else { words.1 = words.1 << 4 | UInt64(value) }
            digits += 1
        }
        return .uuid(words.0, words.1)
    }
}
