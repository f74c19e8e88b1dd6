import Kube

/// Settings of the local storage, which holds samples until they are sent: prometheus-operator's TSDBSpec.
public struct TSDBSpec: Sendable, Hashable, Codable {
    /// How much older a sample may be than the newest sample of its series.
    public var outOfOrderTimeWindow: String?
    /// The fraction of series, from 0 to 1, that may be stale before Prometheus compacts them early.
    public var staleSeriesCompactionThreshold: IntOrString?
    /// The encoding of samples.
    public var chunkEncoding: ChunkEncodingSpec?

    static let schema = Schema.object(
        [
            "outOfOrderTimeWindow": .duration(
                """
                How much older a sample may be than the newest sample of its series. Defaults to 0s. Requires \
                Prometheus >= 2.54.
                """),
            "staleSeriesCompactionThreshold": .fraction(
                """
                The fraction of series, from 0 to 1, that may be stale before Prometheus compacts them early. \
                Defaults to 0, which means never. Requires Prometheus >= 3.10.
                """),
            "chunkEncoding": ChunkEncodingSpec.schema,
        ], description: "Settings of the local storage, which holds samples until they are sent.")
}

/// The encoding of samples in the local storage.
public struct ChunkEncodingSpec: Sendable, Hashable, Codable {
    /// The encoding of float samples.
    public var floats: String?

    static let schema = Schema.object(
        ["floats": .choice("The encoding of float samples.", ["Xor", "Xor2"])],
        description: "The encoding of samples. Requires Prometheus >= 3.13.")
}
