import Kube

/// How Prometheus's web server speaks HTTP.
public struct WebHTTPConfig: Sendable, Hashable, Codable {
    public var http2: Bool?
    public var headers: [String: String]?

    static let schema = Schema.object(
        [
            "http2": .boolean("Whether it speaks HTTP/2, over TLS. Defaults to true."),
            "headers": .strings(
                "Headers of each answer, such as Content-Security-Policy, X-Frame-Options, Strict-Transport-Security."),
        ], description: "How it speaks HTTP.")
}
