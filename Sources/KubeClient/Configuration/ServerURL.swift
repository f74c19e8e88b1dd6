import CCurl

/// The URL of an API server, split into its parts.
public struct ServerURL: Sendable, Hashable, CustomStringConvertible {
    /// `http` or `https`.
    public let scheme: String
    /// The host; IPv6 addresses are in brackets.
    public let host: String
    /// The port, by default that of the scheme.
    public let port: Int
    /// The path before API paths, without a slash at the end; empty for most servers.
    public let path: String

    /// Reads a URL. Throws `KubeClientError` if it is invalid.
    public init(_ text: String) throws(KubeClientError) {
        let subject = "server \"\(ServerURL.withoutUser(text))\""
        func fail(_ problem: String) -> KubeClientError { KubeClientError(.configuration, subject: subject, problem) }
        guard let handle = curl_url() else { throw fail("libcurl is out of memory") }
        defer { curl_url_cleanup(handle) }
        let code = curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME))
        guard code == CURLUE_OK else {
            throw fail(
                "not a URL such as https://10.0.0.1:6443 (\(String(cString: curl_url_strerror(code)).lowercased()))")
        }
        func part(_ part: CURLUPart, flags: Int32 = 0) -> String? {
            var value: UnsafeMutablePointer<CChar>?
            guard curl_url_get(handle, part, &value, UInt32(flags)) == CURLUE_OK, let value else { return nil }
            defer { curl_free(value) }
            return String(cString: value)
        }
        guard let scheme = part(CURLUPART_SCHEME), scheme == "http" || scheme == "https" else {
            throw fail("found scheme \"\(part(CURLUPART_SCHEME) ?? "")\", expected http or https")
        }
        guard part(CURLUPART_USER) == nil, part(CURLUPART_PASSWORD) == nil else {
            throw fail("found a user or password in the URL, expected them in the kubeconfig's user")
        }
        guard part(CURLUPART_QUERY) == nil, part(CURLUPART_FRAGMENT) == nil else {
            throw fail("found a query or fragment, expected at most a path")
        }
        guard let host = part(CURLUPART_HOST), !host.isEmpty,
            let port = part(CURLUPART_PORT, flags: CURLU_DEFAULT_PORT).flatMap({ Int($0) })
        else { throw fail("found no host, expected a URL such as https://10.0.0.1:6443") }
        self.scheme = scheme
        self.host = host
        self.port = port
        var path = part(CURLUPART_PATH) ?? ""
        while path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    private static func withoutUser(_ text: String) -> String {
        guard let at = text.lastIndex(of: "@") else { return text }
        let scheme = text.prefix { $0 != ":" }
        return (text.dropFirst(scheme.count).hasPrefix("://") ? "\(scheme)://" : "") + text[text.index(after: at)...]
    }

    /// The host and the port for URLs, without the default port of the scheme.
    var authority: String {
        port == (scheme == "https" ? 443 : 80) ? host : "\(host):\(port)"
    }

    /// The URL.
    public var description: String { "\(scheme)://\(authority)\(path)" }
}
