import Kube

/// Whether and how metrics' types, units and help are sent.
public struct MetadataConfig: Sendable, Hashable, Codable {
    public var send: Bool?
    public var sendInterval: String?
    public var maxSamplesPerSend: Int?

    static let schema = Schema.object(
        [
            "send": .boolean(
                "Whether metadata is sent. Defaults to false; without a metadataConfig at all, it is sent."),
            "sendInterval": .duration("How often. Defaults to 1m."),
            "maxSamplesPerSend": .count(
                "How many entries a request carries at most; -1 is no limit. Defaults to 500.", from: -1),
        ], description: "Whether and how metrics' types, units and help texts are sent.")
}
