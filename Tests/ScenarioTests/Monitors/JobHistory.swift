import Kube
import KubeClient
import KubeRuntime
import TestSupport

/// The number of jobs of every configuration that an agent had, in order.
final class JobHistory: Sendable {
    private let state = Locked<[Int]>([])
    private let task = Locked<Task<Void, Never>?>(nil)

    /// The numbers so far.
    var counts: [Int] { state.withLock { $0 } }

    func start(_ client: KubeClient, _ key: ObjectKey) {
        let scope = WatchScope(.secrets, namespace: key.namespace)
        let watcher = Watcher<Int>(
            scope, source: ListWatch(client, scope), logger: quiet,
            transform: { object in
                guard object.key == key, let data = object.json["data", "prometheus.yaml"]?.string else { return nil }
                let text = Base64.decode(data.utf8).map { String(decoding: $0, as: UTF8.self) } ?? ""
                return text.split(separator: "\n").count { $0.hasPrefix("- job_name: ") }
            },
            deliver: { event in
                switch event {
                case .applied(_, let count): self.state.withLock { $0.append(count) }
                case .restarted(let all): self.state.withLock { $0 += all.values }
                case .deleted: break
                }
            })
        task.withLock { $0 = Task { await watcher.run() } }
    }

    func stop() { task.withLock { $0?.cancel() } }
}

extension Scenario {
    /// Records the number of jobs of the agent `cluster` from now on.
    func recordJobs() async throws -> JobHistory {
        let history = JobHistory()
        history.start(client, key("cluster-agent"))
        try await waitUntil("the first configuration is recorded") { !history.counts.isEmpty }
        return history
    }
}
