/// The syntax of URLs, as Go's `url.Parse` reads them.
enum HTTPURL {
    /// Whether a text is a URL with a host and one of some schemes.
    ///
    /// Stricter than Go: a host consists of letters, digits, `-`, `.`, `_` and `~`, or is an address in brackets.
    static func isValid(_ text: String, schemes: [String]) -> Bool {
        let scheme = text.prefix { $0 != ":" }
        let rest = text.dropFirst(scheme.count)
        guard schemes.contains(scheme.lowercased()), rest.hasPrefix("://"),
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
        else { return false }
        let authority = rest.dropFirst(3).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        var host = authority
        if let at = authority.lastIndex(of: "@") {
            host = authority[authority.index(after: at)...]
            guard authority[..<at].utf8.allSatisfy({ isUnreserved($0) || "!$&'()*+,;=%:".utf8.contains($0) }) else {
                return false
            }
        }
        return isHostWithPort(host) && hasCompleteEscapes(text)
    }

    private static func isHostWithPort(_ text: Substring) -> Bool {
        var port: Substring
        if text.hasPrefix("["), let end = text.lastIndex(of: "]") {
            let address = text[text.index(after: text.startIndex)..<end]
            guard address.contains(":"), address.utf8.allSatisfy({ $0.isHexDigit || ":.".utf8.contains($0) }) else {
                return false
            }
            port = text[text.index(after: end)...]
        } else {
            let host = text.prefix { $0 != ":" }
            guard !host.isEmpty, host.utf8.allSatisfy(isUnreserved) else { return false }
            port = text.dropFirst(host.count)
        }
        guard !port.isEmpty else { return true }
        return port.removeFirst() == ":" && port.utf8.allSatisfy(\.isDigit)
    }

    /// Whether two hexadecimal digits follow each `%`.
    private static func hasCompleteEscapes(_ text: String) -> Bool {
        text.split(separator: "%", omittingEmptySubsequences: false).dropFirst().allSatisfy {
            $0.utf8.count >= 2 && $0.utf8.prefix(2).allSatisfy(\.isHexDigit)
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool { byte.isAlphanumeric || "-._~".utf8.contains(byte) }
}
