import Kube
import KubeClient
import Operator
import TestSupport

/// An operator in this process, with a client of its own that keeps what it was answered.
final class RunningOperator: Sendable {
    /// What the operator was answered, and how often.
    struct Answer: Hashable, Sendable {
        var method: String
        var code: Int?
    }

    let log = RecordedLog()
    private let client: KubeClient
    private let task: Task<Void, any Error>
    private let counts: Locked<[Answer: Int]>

    init(_ cluster: ClusterConfiguration, userAgent: String = "tributary", _ configuration: OperatorConfiguration) {
        let counts = Locked<[Answer: Int]>([:])
        self.counts = counts
        let client = KubeClient(
            cluster,
            options: KubeClient.Options(userAgent: userAgent) { method, _, code in
                counts.withLock { $0[Answer(method: method, code: code), default: 0] += 1 }
            }, logger: log.logger("client"))
        self.client = client
        let tributary = Operator(client: client, configuration: configuration, logger: log.logger("operator"))
        task = Task { try await tributary.run() }
    }

    /// Ends the operator and waits until it has ended.
    func stop() async throws {
        task.cancel()
        let result = await task.result
        await client.shutdown()
        if case .failure(let error) = result, !(error is CancellationError) { throw error }
    }

    /// How many writes were made, refused ones and all.
    var writes: Int { counts.withLock { $0.filter { $0.key.method != "GET" }.values.reduce(0, +) } }

    /// What the operator was not allowed to do: 403s, with the log's lines about them.
    var refusals: [String] {
        let count = counts.withLock { $0.filter { $0.key.code == 403 }.values.reduce(0, +) }
        return count == 0 ? [] : ["\(count) answers with 403"] + log.lines.filter { $0.contains("orbidden") }
    }
}
