import Kube

/// The endpoint to which the agent sends traces of itself: prometheus-operator's TracingConfig.
public struct TracingConfig: Sendable, Hashable, Codable {
    /// The protocol of the endpoint.
    public var clientType: String?
    /// The host and port to send traces to.
    public var endpoint: String
    /// The fraction of requests to trace, from 0 to 1.
    public var samplingFraction: IntOrString?
    /// Whether to send traces without TLS.
    public var insecure: Bool?
    /// Headers to send with each request.
    public var headers: [String: String]?
    /// The compression of requests.
    public var compression: String?
    /// The timeout of a request.
    public var timeout: String?
    /// The TLS settings of the connection to the endpoint.
    public var tlsConfig: TLSConfig?

    static let schema = Schema.object(
        [
            "clientType": .choice("The protocol of the endpoint. Defaults to grpc.", ["http", "grpc", "HTTP", "GRPC"]),
            "endpoint": .text("The host and port to send traces to.", max: 2048),
            "samplingFraction": .fraction("The fraction of requests to trace, from 0 to 1. Defaults to 0."),
            "insecure": .boolean("Whether to send traces without TLS. Defaults to false."),
            "headers": .strings("Headers to send with each request.", max: 32),
            "compression": .choice("The compression of requests. Defaults to no compression.", ["gzip", "Gzip"]),
            "timeout": .duration("The timeout of a request. Defaults to 10s."),
            "tlsConfig": TLSConfig.schema("The TLS settings of the connection to the endpoint."),
        ], required: ["endpoint"], description: "The endpoint to which the agent sends traces of itself.")

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        tlsConfig?.checkRules(at: path.appending("tlsConfig"), &errors)
    }
}
