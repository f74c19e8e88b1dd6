/// Base64 by RFC 4648, as used in Secrets and kubeconfigs.
public enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Encodes bytes as padded text on one line.
    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        let bytes = Array(bytes)
        let count = (bytes.count + 2) / 3 * 4
        return String(unsafeUninitializedCapacity: count) { text in
            alphabet.withUnsafeBufferPointer { alphabet in
                bytes.withUnsafeBufferPointer { bytes in
                    var place = 0
                    for start in stride(from: 0, to: bytes.count, by: 3) {
                        let rest = min(3, bytes.count - start)
                        var group = Int(bytes[start]) << 16
                        if rest > 1 { group |= Int(bytes[start + 1]) << 8 }
                        if rest > 2 { group |= Int(bytes[start + 2]) }
                        text[place] = alphabet[group >> 18]
                        text[place + 1] = alphabet[group >> 12 & 63]
                        text[place + 2] = rest > 1 ? alphabet[group >> 6 & 63] : UInt8(ascii: "=")
                        text[place + 3] = rest > 2 ? alphabet[group & 63] : UInt8(ascii: "=")
                        place += 4
                    }
                }
            }
            return count
        }
    }

    /// Decodes a text, ignoring white space; nil if it is malformed. Padding is optional.
    public static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var group = 0
        var places = 0
        var padding = 0
        for byte in text {
            let value: Int
            switch byte {
            case 0x0A, 0x0D, 0x20, 0x09: continue
            case UInt8(ascii: "="):
                padding += 1
                continue
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = Int(byte) - 65
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = Int(byte) - 71
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = Int(byte) + 4
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            default: return nil
            }
            guard padding == 0 else { return nil }
            group = (group << 6 | value) & 0xFF_FFFF
            places += 1
            if places % 4 == 0 {
                bytes += [UInt8(group >> 16), UInt8(group >> 8 & 255), UInt8(group & 255)]
                group = 0
            }
        }
        switch places % 4 {
        case 0: return padding == 0 ? bytes : nil
        case 2: bytes.append(UInt8(group >> 4 & 255))
        case 3: bytes += [UInt8(group >> 10 & 255), UInt8(group >> 2 & 255)]
        default: return nil
        }
        return padding == 0 || (places + padding) % 4 == 0 ? bytes : nil
    }
}
