import Kube
@testable import KubeClient
import Observability
import Operator
import TestSupport

/// An operator in this process, with its own client that counts the responses.
final class RunningOperator: Sendable {
    /// A kind of response that the operator got.
    struct Response: Hashable, Sendable {
        var method: String
        var code: Int?
    }

    let log = RecordedLog()
    private let client: KubeClient
    private let task: Task<Void, any Error>
    private let counts: Locked<[Response: Int]>
    private let registry: MetricsRegistry

    /// Starts it. The limits of its client can be shorter than a user would have them.
    init(
        _ cluster: ClusterConfiguration, userAgent: String = "tributary", _ configuration: OperatorConfiguration,
        limits: (inout KubeClient.Options) -> Void = { _ in }
    ) {
        let counts = Locked<[Response: Int]>([:])
        self.counts = counts
        var options = KubeClient.Options(userAgent: userAgent) { method, _, code in
            counts.withLock { $0[Response(method: method, code: code), default: 0] += 1 }
        }
        limits(&options)
        let client = KubeClient(cluster, options: options, logger: log.logger("client"))
        self.client = client
        let tributary = Operator(client: client, configuration: configuration, logger: log.logger("operator"))
        registry = tributary.registry
        task = Task { try await tributary.run() }
    }

    /// The sum of a metric over all its labels.
    func metric(_ name: String) -> Double {
        registry.text().split(separator: "\n").filter { $0.hasPrefix("\(name){") || $0.hasPrefix("\(name) ") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
    }

    /// Waits until it has reconciled at least some custom resources and nothing is left to do.
    func settle(after reconciled: Int) async throws {
        let clock = ContinuousClock()
        var (seen, since) = (-1.0, clock.now)
        try await waitUntil("the operator has nothing left to do", within: .seconds(90)) {
            let total = self.metric("controller_runtime_reconcile_total")
            if total != seen { (seen, since) = (total, clock.now) }
            return total >= Double(reconciled) && self.metric("workqueue_depth") == 0
                && self.metric("controller_runtime_active_workers") == 0 && clock.now - since > .seconds(1)
        }
    }

    /// The writes that were answered, by method and code, for messages.
    var writtenAnswers: [String] {
        counts.withLock { $0.filter { $0.key.method != "GET" } }.map {
            "\($0.value) × \($0.key.method) \($0.key.code.map(String.init) ?? "–")"
        }.sorted()
    }

    /// Stops the operator and waits until it has ended.
    func stop() async throws {
        task.cancel()
        let result = await task.result
        await client.shutdown()
        if case .failure(let error) = result, !(error is CancellationError) { throw error }
    }

    /// The number of writes, including those that were refused.
    var writes: Int { counts.withLock { $0.filter { $0.key.method != "GET" }.values.reduce(0, +) } }

    /// The number of responses with 403 and the lines of the log about them; empty if there are none.
    var refusals: [String] {
        let count = counts.withLock { $0.filter { $0.key.code == 403 }.values.reduce(0, +) }
        return count == 0 ? [] : ["\(count) responses with 403"] + log.lines.filter { $0.contains("orbidden") }
    }
}
