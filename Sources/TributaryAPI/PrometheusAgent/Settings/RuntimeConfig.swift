import Kube

/// How the process behaves.
public struct RuntimeConfig: Sendable, Hashable, Codable {
    public var goGC: Int?

    static let schema = Schema.object(
        [
            "goGC": .count(
                """
                How many percent the heap grows before it is cleaned up (GOGC): less takes less memory and more CPU; \
                -1 is never. Defaults to 75.
                """, from: -1)
        ], description: "How the process behaves. Prometheus 2.53.")
}
