import Kube
import KubeRuntime
import Logging
import Planning
import PlanningInput
import TestSupport
import Testing

@testable import Operator

@Suite("A shard that drains") struct DrainTests {
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
    func `A shard is done once it scrapes nothing and every queue has sent the newest sample`(
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

    @Test func `A shard with a queue that has nothing to send is removed once nothing more is read from its log`()
        throws
    {
        // It is quiet, reads on, has a batch under way, and is quiet from then on.
        let reads = [9, 9, 9, 9, 10, 10, 11, 11, 11, 11, 11]
        var play = Play()
        play.follow()
        let told = try play.looks(reads.count) { look in
            .success(try progress(Self.quiet(read: reads[look - 1], pending: look == 6 ? 7 : 0)))
        }
        #expect(told == ["1 answering", "\(reads.count) sent"])
    }

    /// One shard with one pod and what looks at it, five seconds apart; no clock but this one.
    struct Play {
        var machine = DrainStateMachine()
        var now = Duration.zero

        mutating func follow(_ targets: DrainTarget...) {
            _ = machine.follow(
                DrainTests.key, targets.isEmpty ? [DrainTests.target] : targets,
                now: now)
        }

        /// Makes so many looks; returns after which look each finding was.
        mutating func looks(
            _ count: Int, _ answer: (_ look: Int) throws -> Result<SendingProgress, DrainStateMachine.Silence>
        ) rethrows -> [String] {
            var told: [String] = []
            for look in 1...count {
                for question in machine.next(now: now).questions {
                    _ = machine.found(.success(["10.0.0.1"]), for: question, now: now)
                }
                for question in machine.next(now: now).questions {
                    let ended = machine.answered(question, try answer(look), now: now)
                    told += (ended?.findings ?? []).map { "\(look) \($0)" }
                }
                now += DrainStateMachine.interval
            }
            return told
        }
    }

    @Test func `A pod that answers with an error does not say how far it is`() {
        var progress = SendingProgress()
        #expect(throws: SendingProgress.Problem.self) { try progress.take(status: 503, []) }
    }

    static let target = DrainTarget(
        workload: ObjectKey(namespace: "a", name: "b-agent-shard-1"), podSelector: "tributary.dev/shard=1",
        scheme: "http", port: 9090, path: "/metrics")
    static let key = PlanKey.agent(ObjectKey(namespace: "a", name: "b"))

    @Test func `A shard is removed once it was done twice in a row`() throws {
        var play = Play()
        play.follow()
        let answers: [Bool?] = [nil, true, false, true, true]
        let told = try play.looks(answers.count) { look in
            guard let isDone = answers[look - 1] else { return .failure(.init(description: "unreachable")) }
            return .success(try progress(isDone ? Self.sent : "prometheus_target_scrape_pool_targets 1"))
        }
        #expect(told == ["2 answering", "5 sent"])
    }

    @Test func `A shard is asked only while it drains`() throws {
        var play = Play()
        #expect(play.machine.next(now: .seconds(99)) == .init())
        play.follow()
        let question = try #require(play.machine.next(now: .zero).questions.first)
        #expect(play.machine.request(for: question.place) == .addresses(Self.target))
        let hasChanged = play.machine.follow(Self.key, [], now: .zero)
        #expect(hasChanged)
        #expect(play.machine.request(for: question.place) == nil)
        let late = play.machine.found(.success(["10.0.0.1"]), for: question, now: .zero)
        #expect(late == nil)
        #expect(play.machine.next(now: .seconds(99)) == .init())
        // Also between two looks.
        play.follow()
        _ = play.looks(1) { _ in .failure(.init(description: "unreachable")) }
        _ = play.machine.follow(Self.key, [], now: .zero)
        #expect(play.machine.next(now: .seconds(99)) == .init())
    }

    @Test func `A shard is reported once it was silent three times in a row, and once it answers again`() throws {
        // Silent for too short, then for long, and it answers that it has something left.
        let answers = [false, false, true, false, false, false, false, true, true]
        var play = Play()
        play.follow()
        let told = try play.looks(answers.count) { look in
            answers[look - 1]
                ? .success(try progress("prometheus_target_scrape_pool_targets 1"))
                : .failure(.init(description: "answers with HTTP status 401"))
        }
        let silence = #"silent("http://10.0.0.1:9090/metrics: answers with HTTP status 401")"#
        #expect(told == ["3 answering", "6 \(silence)", "8 answering"])
    }

    @Test(arguments: [Result<[String]?, DrainStateMachine.Silence>.success(nil), .success([]), .success(["nowhere"])])
    func `A shard counts as silent if the addresses of its pods are not known`(
        addresses: Result<[String]?, DrainStateMachine.Silence>
    ) throws {
        var play = Play()
        play.follow()
        let question = try #require(play.machine.next(now: .zero).questions.first)
        let ended = play.machine.found(addresses, for: question, now: .zero)
        let look = try #require(ended)
        #expect(throws: DrainStateMachine.Silence.self) { try look.result.get() }
        #expect(play.machine.next(now: .zero).at == DrainStateMachine.interval)
    }

    @Test func `A shard that does not answer does not hold up others, and eight are asked at once`() throws {
        var play = Play()
        let targets = (10..<22).map { number in
            var target = Self.target
            target.workload.name = "shard-\(number)"
            return target
        }
        _ = play.machine.follow(Self.key, targets, now: .zero)
        let first = play.machine.next(now: .zero).questions
        #expect(first.map(\.place.workload.name) == (10..<18).map { "shard-\($0)" })
        // The first one never answers; the others go on.
        for question in first.dropFirst() {
            _ = play.machine.found(.success(nil), for: question, now: .seconds(1))
        }
        #expect(
            play.machine.next(now: .seconds(1)).questions.map(\.place.workload.name) == (18..<22).map { "shard-\($0)" })
        #expect(play.machine.next(now: .seconds(6)).questions.count == 3)
    }

    @Test(.timeLimit(.minutes(5))) func `All pods of a shard are asked until it has sent everything`()
        async throws
    {
        let told = Locked<[DrainAnswer]>([])
        let asked = Locked<[String]>([])
        var time = TimeSource.system
        let clock = Locked(Duration.zero)
        time.now = { clock.withLock { $0 } }
        time.sleep = { wait in clock.withLock { $0 += wait } }
        let done = try progress(Self.sent)
        let drains = ShardDrains(
            time: time, logger: Logger(label: "test"), addresses: { _ in ["10.0.0.1", "10.0.0.2"] },
            ask: { url in
                asked.withLock { $0.append(url) }
                return done
            }, tell: { _, _, finding in told.withLock { $0.append(finding) } })
        let running = Task { await drains.run() }
        drains.follow(Self.key, [Self.target])
        try await waitUntil("it has sent everything") { told.withLock { $0.contains(.sent) } }
        drains.follow(Self.key, [])
        running.cancel()
        await running.value
        #expect(told.withLock { $0.prefix(2) } == [.answering, .sent])
        #expect(asked.withLock { Set($0) } == ["http://10.0.0.1:9090/metrics", "http://10.0.0.2:9090/metrics"])
    }
}
