import Kube

/// Where the agent sends traces of itself: prometheus-operator's TracingConfig.
public struct TracingConfig: Sendable, Hashable, Codable {
    public var clientType: String?
    public var endpoint: String
    public var samplingFraction: IntOrString?
    public var insecure: Bool?
    public var headers: [String: String]?
    public var compression: String?
    public var timeout: String?
    public var tlsConfig: TLSConfig?

    static let schema = Schema.object(
        [
            "clientType": .choice("The protocol. Defaults to grpc.", ["http", "grpc", "HTTP", "GRPC"]),
            "endpoint": .text("The host and port that take traces.", max: 2048),
            "samplingFraction": .fraction("Which part of all requests is traced, from 0 to 1. Defaults to 0."),
            "insecure": .boolean("Whether they are sent without TLS. Defaults to false."),
            "headers": .strings("Headers to send along.", max: 32),
            "compression": .choice("How they are compressed. Defaults to not at all.", ["gzip", "Gzip"]),
            "timeout": .duration("How long a request may take. Defaults to 10s."),
            "tlsConfig": TLSConfig.schema("How to speak TLS with the endpoint."),
        ], required: ["endpoint"], description: "Where the agent sends traces of itself.")

    func validate(at path: FieldPath, _ errors: inout [FieldError]) {
        tlsConfig?.validate(at: path.appending("tlsConfig"), &errors)
    }
}
