import KubeClient

/// Some metrics of a program in a pod, read from the text as it comes in.
protocol PodMetrics: Sendable {
    typealias Problem = MetricsText.Problem

    /// Nothing was read yet.
    init()

    /// Takes in the next bytes of an answer, none for its end; returns whether more are wanted.
    mutating func take(status: Int, _ bytes: [UInt8]) throws(Problem) -> Bool
}

extension PodMetrics {
    /// Asks a pod: a GET without credentials, of bounded time and size.
    static func read(
        _ url: String, with client: KubeClient, within limit: Duration = .seconds(10), verifiesServer: Bool = true
    ) async throws -> Self {
        var metrics = Self()
        try await client.getPlainly(url, within: limit, verifiesServer: verifiesServer) { status, bytes in
            try metrics.take(status: status, bytes)
        }
        return metrics
    }
}
