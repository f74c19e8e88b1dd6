/// The syntax of credentials: what fits into the header of a bearer token and into the password of basic authentication.
package enum CredentialToken {
    /// The number of characters.
    private static let lengths = 16...512
    /// The punctuation of RFC 6750, section 2.1.
    private static let punctuation = "-._~+/="

    /// What is right, in words.
    private static let expected = "\(lengths.lowerBound) to \(lengths.upperBound) letters, digits and \(punctuation)"

    /// Reads a credential; throws ``Malformed``, which tells what is wrong with it and not what it is.
    ///
    /// A line break at the end is left out, as Prometheus does when it reads a file.
    package static func read(_ bytes: [UInt8]) throws(Malformed) -> String {
        var bytes = bytes[...]
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        for (place, byte) in bytes.enumerated() where !isAllowed(byte) {
            let isBlank = [0x20, 0x09, 0x0a, 0x0d].contains(byte)
            throw Malformed(
                description: "found a \(isBlank ? "blank" : "character that is not allowed") at position \(place + 1), "
                    + "expected \(expected)")
        }
        guard lengths.contains(bytes.count) else {
            throw Malformed(description: "found \(bytes.count) characters, expected \(expected)")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: punctuation.utf8.contains(byte)
        }
    }

    /// What is wrong with a credential, without its value.
    package struct Malformed: Error, CustomStringConvertible {
        package var description: String
    }
}
