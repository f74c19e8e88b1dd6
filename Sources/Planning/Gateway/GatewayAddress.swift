import Crypto

/// A URL that the gateway forwards to.
struct GatewayAddress: Hashable {
    var scheme: String
    /// The host: a name or an address; an IPv6 address without brackets.
    var host: String
    var port: Int
    /// The path without a slash at its end, and the query of a write URL.
    var path: String
    /// What the header Host has.
    var authority: String

    /// Reads a URL; nil if it is none, or has a user, a fragment or characters that nginx reads as its own syntax.
    init?(_ text: String, allowsQuery: Bool = false) {
        guard let colon = text.firstRange(of: "://") else { return nil }
        scheme = text[..<colon.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[colon.upperBound...]
        authority = String(rest.prefix { $0 != "/" && $0 != "?" })
        var path = rest.dropFirst(authority.count)
        var query: Substring = ""
        if let mark = path.firstIndex(of: "?") {
            guard allowsQuery else { return nil }
            query = path[mark...]
            path = path[..<mark]
        }
        while path.hasSuffix("/") { path.removeLast() }
        self.path = String(path + query)
        guard self.path.utf8.allSatisfy({ Self.isPlain($0) || "/%+:@?&=,".utf8.contains($0) }) else { return nil }

        var name = Substring(authority)
        var number: Substring?
        if name.hasPrefix("["), let end = name.firstIndex(of: "]") {
            let after = name[name.index(after: end)...]
            guard after.isEmpty || after.hasPrefix(":") else { return nil }
            number = after.isEmpty ? nil : after.dropFirst()
            name = name[..<end].dropFirst()
            guard name.contains(":"), name.utf8.allSatisfy({ $0.isHexadecimal || ":.".utf8.contains($0) }) else {
                return nil
            }
        } else {
            if let colon = name.firstIndex(of: ":") {
                number = name[name.index(after: colon)...]
                name = name[..<colon]
            }
            guard !name.isEmpty, !name.hasPrefix("-"), name.utf8.allSatisfy(Self.isPlain) else { return nil }
        }
        guard let port = number.map({ Int($0) }) ?? (scheme == "https" ? 443 : 80), (1...65535).contains(port) else {
            return nil
        }
        host = String(name)
        self.port = port
    }

    /// The name of the group of servers in nginx, which depends on nothing but scheme, host and port.
    var upstream: String { "tributary_\(SHA256.hexadecimal("\(scheme)://\(authority)").prefix(16))" }
    /// The URL with the name of the group in place of host and port.
    var url: String { "\(scheme)://\(upstream)\(path)" }

    private static func isPlain(_ byte: UInt8) -> Bool { byte.isAlphanumeric || "-._~".utf8.contains(byte) }
}
