import Kube

/// What is kept before it is sent.
public struct TSDBSpec: Sendable, Hashable, Codable {
    public var outOfOrderTimeWindow: String?
    public var staleSeriesCompactionThreshold: IntOrString?
    public var chunkEncoding: ChunkEncodingSpec?

    static let schema = Schema.object(
        [
            "outOfOrderTimeWindow": .duration(
                "How much older than the newest sample of a series one may be. Defaults to 0s. Prometheus 2.54."),
            "staleSeriesCompactionThreshold": .fraction(
                """
                Which part of series may have ended before they are cleaned up early, from 0 to 1. Defaults to 0: \
                never. Prometheus 3.10.
                """),
            "chunkEncoding": ChunkEncodingSpec.schema,
        ], description: "What is kept before it is sent.")
}

/// How samples are encoded.
public struct ChunkEncodingSpec: Sendable, Hashable, Codable {
    public var floats: String?

    static let schema = Schema.object(
        ["floats": .choice("How numbers are encoded.", ["Xor", "Xor2"])],
        description: "How samples are encoded. Prometheus 3.13.")
}
