import HashringController
import Kube
import KubeClient
import Observability

/// A drop-in that runs in this process.
final class RunningDropIn: Sendable {
    let log = RecordedLog()
    let registry = MetricsRegistry()
    private let client: KubeClient
    private let task: Task<Void, any Error>
    private let refused: Locked<[String: Int]>

    init(_ cluster: ClusterConfiguration, _ options: DropInOptions, _ process: DropInController.Process) {
        let refused = Locked<[String: Int]>([:])
        self.refused = refused
        client = KubeClient(
            cluster,
            options: KubeClient.Options(userAgent: DropIn.userAgent) { method, _, code in
                if code == 403 { refused.withLock { $0[method, default: 0] += 1 } }
            }, logger: log.logger("client"))
        let controller = DropInController(
            client: client, options: options, process: process, registry: registry, logger: log.logger("drop-in"))
        task = Task { try await controller.run() }
    }

    func stop() async throws {
        task.cancel()
        let result = await task.result
        await client.shutdown()
        if case .failure(let error) = result, !(error is CancellationError) { throw error }
    }

    /// The number of responses with 403, by method.
    var refusals: [String: Int] { refused.withLock { $0 } }

    /// The value of a metric with its labels, as it is served.
    func metric(_ series: String) -> Double? {
        registry.text().split(separator: "\n").first { $0.hasPrefix("\(series) ") }
            .flatMap { Double($0.dropFirst(series.utf8.count + 1)) }
    }
}
