import Kube

/// HTTP settings of the web server: prometheus-operator's WebHTTPConfig.
public struct WebHTTPConfig: Sendable, Hashable, Codable {
    /// Whether the web server supports HTTP/2, which requires TLS.
    public var http2: Bool?
    /// Headers to add to responses, such as Content-Security-Policy, X-Frame-Options and Strict-Transport-Security.
    public var headers: [String: String]?

    static let schema = Schema.object(
        [
            "http2": .boolean("Whether the web server supports HTTP/2, which requires TLS. Defaults to true."),
            "headers": .strings(
                """
                Headers to add to responses, such as Content-Security-Policy, X-Frame-Options and \
                Strict-Transport-Security.
                """),
        ], description: "HTTP settings of the web server.")
}
