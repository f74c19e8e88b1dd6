/// The headers of requests that Prometheus sets itself, and refuses in its configuration.
enum ReservedHeader {
    /// Whether Prometheus refuses a header, written in any case.
    static func isReserved(_ name: String) -> Bool { names.contains(name.lowercased()) }

    private static let names: Set<String> = [
        "authorization", "host", "content-encoding", "content-length", "content-type", "user-agent", "connection",
        "keep-alive", "proxy-authenticate", "proxy-authorization", "www-authenticate", "accept-encoding",
        "x-prometheus-remote-write-version", "x-prometheus-remote-read-version",
        "x-amz-date", "x-amz-security-token", "x-amz-content-sha256",
    ]
}
