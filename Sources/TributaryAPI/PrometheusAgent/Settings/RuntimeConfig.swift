import Kube

/// Settings of the Go runtime: prometheus-operator's RuntimeConfig.
public struct RuntimeConfig: Sendable, Hashable, Codable {
    /// The GOGC setting: the percentage by which the heap grows before a garbage collection.
    public var goGC: Int?

    static let schema = Schema.object(
        [
            "goGC": .count(
                """
                The GOGC setting: the percentage by which the heap grows before a garbage collection. Lower \
                values use less memory and more CPU; -1 turns garbage collection off. Defaults to 75.
                """, from: -1)
        ], description: "Settings of the Go runtime. Requires Prometheus >= 2.53.")
}
