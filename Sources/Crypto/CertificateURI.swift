/// Which URIs in certificates can name a tenant: those with the characters of RFC 3986 that no program reads as its own
/// syntax.
public enum CertificateURI {
    /// How many bytes a URI has.
    public static let lengths = 1...1024

    /// The punctuation that a URI may have: that of RFC 3986 without the dollar sign, which nginx reads as a variable.
    private static let punctuation = "-._~:/?#[]@!&'()*+,;=%"

    /// A character class of the same characters, for regular expressions.
    public static let characterClass = #"[A-Za-z0-9._~:/?#@!&'()*+,;=%\[\]-]"#

    /// Whether bytes can be such a URI: a scheme, a colon, and something.
    public static func isPossible(_ bytes: some Collection<UInt8>) -> Bool {
        guard lengths.contains(bytes.count), let first = bytes.first, isLetter(first),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes.index(after: colon) != bytes.endIndex
        else { return false }
        let scheme = bytes[..<colon]
        return scheme.allSatisfy { isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) }
            && bytes.allSatisfy { isLetter($0) || isDigit($0) || punctuation.utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
