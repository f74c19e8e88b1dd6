/// What Prometheus could not send to.
enum URLChecks {
    /// What is wrong with the URL of a remote endpoint, one message each.
    static func problems(_ url: String) -> [String] {
        var problems: [String] = []
        if !isURL(url, schemes: ["http", "https"]) {
            problems.append("\"\(Redaction.redactedURL(url))\" should be http://host… or https://host…")
        }
        let authority = url.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
        if authority.contains("@") { problems.append("has credentials in it, which belong into a Secret") }
        return problems
    }

    /// Whether Go's `url.Parse` takes text as a URL with one of some schemes and a host.
    ///
    /// It is a little stricter: a host is made of letters, digits, `-`, `.`, `_` and `~`, or is an address in brackets.
    static func isURL(_ text: String, schemes: [String]) -> Bool {
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
        return isHostWithPort(host) && hasWholeEscapes(text)
    }

    private static func isHostWithPort(_ text: Substring) -> Bool {
        var port: Substring
        if text.hasPrefix("["), let end = text.lastIndex(of: "]") {
            let address = text[text.index(after: text.startIndex)..<end]
            guard address.contains(":"), address.utf8.allSatisfy({ isHex($0) || $0 == 0x3A || $0 == 0x2E }) else {
                return false
            }
            port = text[text.index(after: end)...]
        } else {
            let host = text.prefix { $0 != ":" }
            guard !host.isEmpty, host.utf8.allSatisfy(isUnreserved) else { return false }
            port = text.dropFirst(host.count)
        }
        guard !port.isEmpty else { return true }
        return port.removeFirst() == ":" && port.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Whether each `%` has two digits behind it.
    private static func hasWholeEscapes(_ text: String) -> Bool {
        text.split(separator: "%", omittingEmptySubsequences: false).dropFirst().allSatisfy {
            $0.utf8.count >= 2 && $0.utf8.prefix(2).allSatisfy(isHex)
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "-._~".utf8.contains(byte)
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
    }
}
