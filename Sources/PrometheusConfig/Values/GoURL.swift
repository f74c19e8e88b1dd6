/// A URL as Go's `url.Parse` reads it: almost any text is one.
struct GoURL {
    /// The scheme in lower case; empty if there is none.
    private(set) var scheme = ""
    /// The host with its port; empty if there is none.
    private(set) var host = ""

    /// Reads a URL; nil for a text that Go refuses.
    init?(_ text: String) {
        guard case .success(let url) = Self.parse(text) else { return nil }
        self = url
    }

    /// Why Go refuses a text; nil if it does not. The reason shows nothing of the text, which may contain a password.
    static func problem(_ text: String) -> String? {
        if case .failure(let refusal) = parse(text) { refusal.reason } else { nil }
    }

    private struct Refusal: Error {
        let reason: String
    }

    private init() {}

    private static func parse(_ text: String) -> Result<GoURL, Refusal> {
        Result { () throws(Refusal) in try GoURL(parsing: text) }
    }

    private init(parsing text: String) throws(Refusal) {
        if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { throw Refusal(reason: "control character") }
        let fragments = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        if fragments.count == 2 { try Self.checkEscapes(fragments[1]) }
        var rest = fragments.first ?? ""
        if let name = try Self.scheme(of: rest) {
            scheme = name.lowercased()
            rest = rest.dropFirst(name.utf8.count + 1)
        }
        rest = rest.prefix { $0 != "?" }
        if !rest.hasPrefix("/") {
            // What follows the scheme is opaque.
            if !scheme.isEmpty { return }
            if rest.prefix(while: { $0 != "/" }).contains(":") {
                throw Refusal(reason: "first path segment in URL cannot contain colon")
            }
        }
        if rest.hasPrefix("//"), !scheme.isEmpty || !rest.hasPrefix("///") {
            let authority = rest.dropFirst(2).prefix { $0 != "/" }
            rest = rest.dropFirst(2 + authority.count)
            try readAuthority(authority)
        }
        try Self.checkEscapes(rest)
    }

    /// The scheme before the first colon; nil if there is none.
    private static func scheme(of text: Substring) throws(Refusal) -> Substring? {
        for (index, byte) in zip(text.utf8.indices, text.utf8) {
            if byte.isAlphanumeric && !byte.isDigit { continue }
            if byte == UInt8(ascii: ":") {
                if index == text.startIndex { throw Refusal(reason: "missing protocol scheme") }
                return text[..<index]
            }
            guard index != text.startIndex, byte.isDigit || "+-.".utf8.contains(byte) else { return nil }
        }
        return nil
    }

    private mutating func readAuthority(_ text: Substring) throws(Refusal) {
        var place = text
        if let at = text.lastIndex(of: "@") {
            let user = text[..<at]
            guard user.utf8.allSatisfy({ $0.isAlphanumeric || "-._:~!$&'()*+,;=%@".utf8.contains($0) }) else {
                throw Refusal(reason: "invalid userinfo")
            }
            try Self.checkEscapes(user)
            place = text[text.index(after: at)...]
        }
        var port = Substring()
        var name = place
        if place.hasPrefix("[") {
            guard let end = place.lastIndex(of: "]") else { throw Refusal(reason: "missing ']' in host") }
            port = place[place.index(after: end)...]
            name = ""
        } else if let colon = place.lastIndex(of: ":") {
            port = place[colon...]
            name = place[..<colon]
        }
        guard port.isEmpty || port.hasPrefix(":") && port.utf8.dropFirst().allSatisfy(\.isDigit) else {
            throw Refusal(reason: "invalid port after host")
        }
        guard name.utf8.allSatisfy({ $0 >= 0x80 || Self.isHostByte($0) }) else {
            throw Refusal(reason: "invalid character in host name")
        }
        host = String(place)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        byte.isAlphanumeric || "-_.~!$&'()*+,;=:[]<>\"%".utf8.contains(byte)
    }

    /// Throws if not two hexadecimal digits follow each `%`.
    private static func checkEscapes(_ text: Substring) throws(Refusal) {
        for part in text.utf8.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false).dropFirst()
        where part.count < 2 || !part.prefix(2).allSatisfy(\.isHexDigit) {
            throw Refusal(reason: "% should be followed by two hexadecimal digits")
        }
    }
}
