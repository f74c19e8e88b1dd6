import Kube

/// Whether and how to send the type, unit and help text of metrics: prometheus-operator's MetadataConfig.
public struct MetadataConfig: Sendable, Hashable, Codable {
    /// Whether to send metadata.
    public var send: Bool?
    /// The interval between requests with metadata.
    public var sendInterval: String?
    /// The maximum number of entries in a request; -1 means no limit.
    public var maxSamplesPerSend: Int?

    static let schema = Schema.object(
        [
            "send": .boolean(
                "Whether to send metadata. Defaults to false; without a metadataConfig, metadata is sent."),
            "sendInterval": .duration("The interval between requests with metadata. Defaults to 1m."),
            "maxSamplesPerSend": .count(
                "The maximum number of entries in a request; -1 means no limit. Defaults to 500.", from: -1),
        ], description: "Whether and how to send the type, unit and help text of metrics.")
}
