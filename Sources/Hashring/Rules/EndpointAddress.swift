/// The addresses to which receivers forward: what gRPC dials, and what it does not.
///
/// Thanos loads a file with any address and fails later, each time that it forwards to it. What is refused here, Thanos
/// v0.41 was seen to fail on; what it dials (`dns:///host:port`, `unix:/path`, `:10901`) passes.
public enum EndpointAddress {
    /// Why an address cannot be dialled, to follow the quoted address in a message; nil if it can.
    public static func problem(_ address: String) -> String? {
        guard !isDialled(address) else { return nil }
        let text = beforeOptions(address)
        if text.utf8.contains(where: isBlank) { return "contains a blank" }
        if let scheme = text.firstRange(of: "://") {
            return "has the scheme \"\(text[..<scheme.lowerBound].printable)\""
        }
        if text.utf8.contains(UInt8(ascii: "/")) { return "has a path" }
        if prefixes.contains(where: text.hasPrefix) {
            return "has a prefix that only --endpoint of Thanos Query has"
        }
        if text.utf8.contains(UInt8(ascii: ",")) { return "contains a comma" }
        let (host, port) = split(text)
        guard let port else {
            return text.utf8.count { $0 == UInt8(ascii: ":") } > 1 && !isIPv6(text) && !text.hasPrefix("[")
                ? "has too many colons" : "has no port"
        }
        if port.isEmpty { return "has no port" }
        if !isPort(port) { return "has the port \"\(port.printable)\"" }
        return isHost(host) ? nil : "has a host name with characters that no host name has"
    }

    /// What an address that cannot be dialled probably should be.
    public static func right(for address: String) -> String {
        var text = beforeOptions(address).filter { !$0.isWhitespace }[...]
        if let scheme = text.firstRange(of: "://") { text = text[scheme.upperBound...] }
        for prefix in prefixes where text.hasPrefix(prefix) { text = text.dropFirst(prefix.count) }
        text = text.prefix { $0 != "/" && $0 != "," }
        if let user = text.lastIndex(of: "@") { text = text[text.index(after: user)...] }
        if isIPv6(String(text)) { return "[\(text)]:\(port)" }
        let (host, found) = split(String(text))
        let isRight = found.map(isPort) ?? false
        let isName = !host.isEmpty && isHost(host) && (text.hasPrefix("[") || !host.contains(":"))
        let name = isName ? host : "host"
        let shown = text.hasPrefix("[") ? "[\(name)]" : name
        return "\(shown):\(isRight ? found ?? port : port)"
    }

    /// The port of a receiver's gRPC.
    private static let port = "10901"
    /// How Thanos Query finds addresses.
    private static let prefixes = ["dns+", "dnssrv+", "dnssrvnoa+"]

    /// Whether gRPC resolves the address in another way than as `host:port`.
    private static func isDialled(_ address: String) -> Bool {
        ["dns:", "passthrough:", "unix:", "unix-abstract:"].contains(where: address.hasPrefix)
    }

    /// gRPC reads an address as a URL, and ignores its query and its fragment.
    private static func beforeOptions(_ address: String) -> String { String(address.prefix { $0 != "?" && $0 != "#" }) }

    private static func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 || byte == 0x7F }

    /// Host and port as Go splits them; no port where it finds none.
    private static func split(_ text: String) -> (host: String, port: String?) {
        if text.hasPrefix("[") {
            guard let end = text.lastIndex(of: "]") else { return (text, nil) }
            let host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            return (String(host), rest.hasPrefix(":") ? String(rest.dropFirst()) : nil)
        }
        guard let colon = text.lastIndex(of: ":"), text.firstIndex(of: ":") == colon else { return (text, nil) }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }

    private static func isIPv6(_ text: String) -> Bool {
        text.utf8.count { $0 == UInt8(ascii: ":") } > 1 && text.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
    }

    /// Whether a port is a number or, as in `host:https`, the name of a service.
    private static func isPort(_ port: String) -> Bool {
        if let number = Int(port) { return (1...65535).contains(number) && port.utf8.allSatisfy { $0 != 0x2B } }
        let isName = port.utf8.allSatisfy { $0 == 0x2D || (0x30...0x39).contains($0) || isLetter($0) }
        return isName && port.utf8.contains(where: isLetter)
    }

    /// Whether a host is a name or an address; the empty one is this machine.
    private static func isHost(_ host: String) -> Bool {
        host.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || "-._:%".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
