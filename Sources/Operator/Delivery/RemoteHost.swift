/// The host in a URL, for messages: without user, password, path and query.
enum RemoteHost {
    /// The host and, if it is there, the port; "the server" if the URL has no valid host.
    static func name(in url: some StringProtocol) -> String {
        guard let scheme = url.firstRange(of: "://") else { return unknown }
        var authority = url[scheme.upperBound...].prefix { !"/?#\\".contains($0) }
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        return checked(authority)
    }

    /// A host that may be shown.
    static func checked(_ host: some StringProtocol) -> String {
        let isValid = host.utf8.allSatisfy { byte in
            (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (0x30...0x39).contains(byte)
                || ".-_:[]%".utf8.contains(byte)
        }
        return isValid && !host.isEmpty && host.utf8.count <= 260 ? String(host) : unknown
    }

    private static let unknown = "the server"
}
