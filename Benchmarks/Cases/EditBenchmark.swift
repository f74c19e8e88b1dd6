import Kube
import KubeClient
import KubeRuntime
import TestSupport
import TributaryAPI

/// Edits Tenants at a steady rate, and measures the time from each edit until the Deployment of its read proxy is written.
enum EditBenchmark {
    private static let rate = 50
    private static let seconds = 20

    static func run(on server: Server, tenants count: Int, namespace: String, _ report: Report) async throws {
        let edits = min(count, rate * seconds)
        Progress.say("\(server.side.name): \(edits) edits, \(rate) in a second")
        let (seen, written) = (
            Locked<[String: ContinuousClock.Instant]>([:]), Locked<[String: ContinuousClock.Instant]>([:])
        )
        let listed = Locked(0)
        let watches = [
            watch(server, Tenant.resource, namespace, seen, listed) {
                $0.json["spec", "read", "replicas"]?.int == 2 ? $0.name : nil
            },
            watch(server, .deployments, namespace, written, listed) { object in
                object.json["spec", "replicas"]?.int == 2 && object.name.hasSuffix("-read")
                    ? String(object.name.dropLast("-read".count)) : nil
            },
        ]
        defer { for watch in watches { watch.cancel() } }
        // An edit before that would be in a list, whenever that comes.
        try await waitUntil("both watches have begun", within: .seconds(60)) { listed.withLock { $0 } == watches.count }
        let began = ContinuousClock.now
        var answers = Samples()
        try await withThrowingTaskGroup(of: Duration.self) { group in
            for number in 0..<edits {
                // However long each takes, the next one is on time.
                try await Task.sleep(until: began + .seconds(1) * number / rate, clock: .continuous)
                group.addTask {
                    let sent = ContinuousClock.now
                    try await server.client.patch(
                        Tenant.resource, FleetBenchmark.tenant(number).key, .merge,
                        body: ["spec": ["read": ["replicas": 2]]])
                    return ContinuousClock.now - sent
                }
            }
            for try await time in group { answers.add(time) }
        }
        try await waitUntil("all edits are written", within: .seconds(60)) { written.withLock { $0.count } >= edits }
        let (from, to) = (seen.withLock { $0 }, written.withLock { $0 })
        var samples = Samples()
        for (name, end) in to { if let start = from[name] { samples.add(max(end - start, .zero)) } }
        let beside = "\(rate) edits in a second of \(count) Tenants"
        report.set("the API server's own answer to an edit, median", server.side, answers.median)
        report.set("the API server's own answer to an edit, p99", server.side, answers.percentile(99))
        report.set("edit → write, \(beside), median", server.side, samples.median)
        report.set("edit → write, \(beside), p99", server.side, samples.percentile(99), atMost: 100)
    }

    /// Notes when a watch first shows each object of which `name` returns a name, after its first list, which is counted.
    private static func watch(
        _ server: Server, _ resource: Resource, _ namespace: String, _ times: Locked<[String: ContinuousClock.Instant]>,
        _ listed: Locked<Int>, _ name: @escaping @Sendable (Object) -> String?
    ) -> Task<Void, Never> {
        let scope = WatchScope(resource, namespace: namespace)
        let watcher = Watcher(
            scope, source: ListWatch(server.client, scope), logger: Server.logger, transform: name,
            deliver: { (event: WatcherEvent<String>) in
                let now = ContinuousClock.now
                if case .restarted = event { listed.withLock { $0 += 1 } }
                guard case .applied(_, let name) = event else { return }
                times.withLock { times in if times[name] == nil { times[name] = now } }
            })
        return Task { await watcher.run() }
    }
}
