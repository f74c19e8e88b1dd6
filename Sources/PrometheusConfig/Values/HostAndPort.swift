/// The syntax of the address of a prober: a host name or an IP address, with or without a port.
enum HostAndPort {
    /// Whether a text is such an address, by prometheus-operator's `validateProberURL`.
    static func isValid(_ text: String) -> Bool {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let rest = text[text.index(after: end)...]
            return isIPv6(text[text.index(after: text.startIndex)..<end]) && rest.hasPrefix(":")
                && isPort(rest.dropFirst())
        }
        guard let colon = text.lastIndex(of: ":") else { return isHost(text[...]) }
        if text[..<colon].contains(":") { return isIPv6(text[...]) }
        return isHost(text[..<colon]) && isPort(text[text.index(after: colon)...])
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.utf8.allSatisfy(\.isDigit) && UInt16(text).map { $0 > 0 } ?? false
    }

    /// Whether a text is a domain name or an IPv4 address, which has the same syntax.
    private static func isHost(_ text: Substring) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 255 else { return false }
        let name = text.hasSuffix(".") ? text.dropLast() : text
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            guard let first = label.utf8.first, label.utf8.count <= 63, first != UInt8(ascii: "-") else { return false }
            return label.utf8.allSatisfy { $0.isAlphanumeric || "-_".utf8.contains($0) }
        }
    }

    private static func isIPv6(_ text: Substring) -> Bool {
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (3...9).contains(groups.count), !text.utf8.contains(UInt8(ascii: "%")) else { return false }
        let isShortened = text.contains("::")
        return (isShortened || groups.count == 8)
            && groups.allSatisfy { $0.utf8.count <= 4 && $0.utf8.allSatisfy(\.isHexDigit) }
    }
}
