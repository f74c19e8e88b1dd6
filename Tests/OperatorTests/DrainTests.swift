import Kube
import KubeRuntime
import Logging
import Planning
import PlanningInput
import TestSupport
import Testing

@testable import Operator

@Suite struct `A shard that is taken away` {
    /// What Prometheus 3.5 says of itself, in as many pieces as there are bytes.
    private func progress(_ text: String) throws -> SendingProgress {
        var progress = SendingProgress()
        for byte in text.utf8 { #expect(try progress.take(status: 200, [byte])) }
        #expect(try !progress.take(status: 200, []))
        return progress
    }

    private static let queue = #"{remote_name="a",url="http://central:9090/api/v1/write"}"#
    private static let other = #"{remote_name="b",url="http://other:9090/api/v1/write"}"#
    private static let sent = """
        prometheus_remote_storage_highest_timestamp_in_seconds 1.795266704e+09
        prometheus_remote_storage_queue_highest_sent_timestamp_seconds\(queue) 1.795266704e+09
        prometheus_remote_storage_samples_pending\(queue) 0
        """

    @Test(arguments: [
        ("has sent everything", sent, true),
        (
            "has more to read from its log",
            sent.replacing("timestamp_seconds\(queue) 1.795266704", with: "timestamp_seconds\(queue) 1.795266703"),
            false
        ),
        (
            "has sent nothing to one of two",
            sent + "\nprometheus_remote_storage_queue_highest_sent_timestamp_seconds\(other) 0", false
        ),
        ("has a batch under way", sent.replacing("pending\(queue) 0", with: "pending\(queue) 204"), false),
        ("still scrapes", sent + "\nprometheus_target_scrape_pool_targets{scrape_job=\"a\"} 0", false),
        ("has not sent anything yet", "prometheus_remote_storage_highest_timestamp_in_seconds 1", false),
        ("has not scraped since it started", "prometheus_remote_storage_highest_timestamp_in_seconds 0", true),
        ("is no Prometheus", "go_goroutines 7", false),
    ])
    func `is done once it scrapes nothing and every queue has sent the newest sample`(
        what: String, metrics: String, isDone: Bool
    ) throws {
        #expect(try progress(metrics).isDone == isDone, "\(what)")
    }

    /// What Prometheus 3.5 says once it scrapes nothing any more, of which one of two queues keeps no series at all.
    private static func quiet(read: Int, pending: Int = 0) -> String {
        """
        prometheus_remote_storage_highest_timestamp_in_seconds 1.7952701e+09
        prometheus_remote_storage_queue_highest_sent_timestamp_seconds\(queue) 1.7952701e+09
        prometheus_remote_storage_queue_highest_sent_timestamp_seconds\(other) 0
        prometheus_remote_storage_samples_pending\(queue) \(pending)
        prometheus_remote_storage_samples_pending\(other) 0
        prometheus_wal_watcher_records_read_total{consumer="a",type="samples"} \(read)
        prometheus_wal_watcher_records_read_total{consumer="b",type="samples"} 9

        """
    }

    @Test(.timeLimit(.minutes(1)))
    func `goes as well where a queue has nothing to send, once nothing more is read from its log`() async throws {
        // It is quiet, reads on, has a batch under way, and is quiet from then on.
        let reads = [9, 9, 9, 9, 10, 10, 11, 11, 11, 11, 11]
        let told = try await Self.findings(2, in: reads.count) { look in
            var progress = SendingProgress()
            let text = Self.quiet(read: reads[look - 1], pending: look == 6 ? 7 : 0)
            _ = try progress.take(status: 200, Array(text.utf8))
            _ = try progress.take(status: 200, [])
            return progress
        }
        #expect(told == ["1 answering", "\(reads.count) sent"])
    }

    /// Looks at a shard so often, one look after the other, and waits until so many findings were told; returns after
    /// which look each was.
    private static func findings(
        _ expected: Int, in count: Int, answers: @escaping @Sendable (_ look: Int) throws -> SendingProgress
    ) async throws -> [String] {
        let looks = Locked(0)
        let told = Locked<[String]>([])
        let gate = AsyncStream.makeStream(of: Void.self)
        var time = TimeSource.system
        time.sleep = { _ in for await _ in gate.stream { return } }
        let drains = ShardDrains(
            time: time, logger: Logger(label: "test"), addresses: { _ in ["10.0.0.1"] },
            ask: { _ in
                let look = looks.withLock { looks in
                    looks += 1
                    return looks
                }
                return try answers(min(look, count))
            },
            tell: { _, _, finding in told.withLock { told in told.append("\(looks.withLock { $0 }) \(finding)") } })
        let running = Task { await drains.run() }
        drains.follow(key, [target])
        for look in 1...count {
            try await waitUntil("it was asked \(look) times") { looks.withLock { $0 } == look }
            if look < count { gate.continuation.yield() }
        }
        try await waitUntil("all is told") { told.withLock { $0.count } >= expected }
        running.cancel()
        gate.continuation.finish()
        await running.value
        return told.withLock { $0 }
    }

    @Test func `that answers with an error says nothing`() {
        var progress = SendingProgress()
        #expect(throws: SendingProgress.Problem.self) { try progress.take(status: 503, []) }
    }

    private static let target = DrainTarget(
        workload: ObjectKey(namespace: "a", name: "b-agent-shard-1"), podSelector: "tributary.dev/shard=1",
        scheme: "http", port: 9090, path: "/metrics")
    private static let key = PlanKey.agent(ObjectKey(namespace: "a", name: "b"))

    private struct Unreachable: Error {}

    @Test(.timeLimit(.minutes(1)))
    func `is asked until it was done twice in a row, and nobody is asked where no shard drains`() async throws {
        let answers = Locked<[Bool?]>([nil, true, false, true, true])
        let asked = Locked<[String]>([])
        let told = Locked<[ObjectKey]>([])
        let naps = Locked(0)
        let gate = AsyncStream.makeStream(of: Void.self)
        var time = TimeSource.system
        time.sleep = { _ in
            naps.withLock { $0 += 1 }
            for await _ in gate.stream { return }
            throw CancellationError()
        }
        let drains = ShardDrains(
            time: time, logger: Logger(label: "test"), addresses: { _ in ["10.0.0.1"] },
            ask: { url in
                asked.withLock { $0.append(url) }
                guard let isDone = answers.withLock({ $0.isEmpty ? true : $0.removeFirst() }) else {
                    throw Unreachable()
                }
                var progress = SendingProgress()
                let metrics = isDone ? Self.sent : "prometheus_target_scrape_pool_targets 1"
                _ = try progress.take(status: 200, Array(metrics.utf8))
                _ = try progress.take(status: 200, [])
                return progress
            },
            tell: { key, workload, finding in
                if key == Self.key, finding == .sent { told.withLock { $0.append(workload) } }
            })
        let running = Task { await drains.run() }
        drains.follow(Self.key, [Self.target])
        for round in 1...5 {
            try await waitUntil("it was asked \(round) times") { asked.withLock { $0.count } == round }
            #expect(round == 5 || told.withLock { $0 } == [])
            if round < 5 { gate.continuation.yield() }
        }
        try await waitUntil("it is done") { told.withLock { $0 } == [Self.target.workload] }
        #expect(asked.withLock { $0.first } == "http://10.0.0.1:9090/metrics")
        drains.follow(Self.key, [])
        gate.continuation.yield()
        try await waitUntil("it has looked five times") { naps.withLock { $0 } == 5 }
        running.cancel()
        await running.value
        #expect(asked.withLock { $0.count } == 5)
    }

    @Test(.timeLimit(.minutes(1)))
    func `is told of once it was silent three times in a row, and once it answers again`() async throws {
        // Silent for too short, then for long, and it answers that it has something left.
        let answers = [false, false, true, false, false, false, false, true, true]
        let told = try await Self.findings(3, in: answers.count) { look in
            var progress = SendingProgress()
            guard answers[look - 1] else {
                _ = try progress.take(status: 401, [])
                throw Unreachable()
            }
            _ = try progress.take(status: 200, Array("prometheus_target_scrape_pool_targets 1".utf8))
            _ = try progress.take(status: 200, [])
            return progress
        }
        let silence = #"silent("http://10.0.0.1:9090/metrics: answers with HTTP status 401")"#
        #expect(told == ["3 answering", "6 \(silence)", "8 answering"])
    }
}
