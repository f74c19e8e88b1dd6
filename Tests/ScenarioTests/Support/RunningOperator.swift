import Kube
import KubeClient
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

    init(_ cluster: ClusterConfiguration, userAgent: String = "tributary", _ configuration: OperatorConfiguration) {
        let counts = Locked<[Response: Int]>([:])
        self.counts = counts
        let client = KubeClient(
            cluster,
            options: KubeClient.Options(userAgent: userAgent) { method, _, code in
                counts.withLock { $0[Response(method: method, code: code), default: 0] += 1 }
            }, logger: log.logger("client"))
        self.client = client
        let tributary = Operator(client: client, configuration: configuration, logger: log.logger("operator"))
        task = Task { try await tributary.run() }
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
