import Kube
import Planning
import Testing

@testable import Operator

/// When a job counts as one without targets. There is no clock: a round is over once every pod has answered.
@Suite("Jobs without targets")
struct IdleRoundsTests {
    private static let pods: Set<ObjectKey> = [pod(0), pod(1)]

    private static func pod(_ number: Int) -> ObjectKey { ObjectKey(namespace: "a", name: "x-agent-\(number)") }

    private static func metrics(_ jobs: [String: Int]) throws -> AgentMetrics {
        var text = "prometheus_remote_storage_highest_timestamp_in_seconds 1\n"
        for (job, count) in jobs { text += "prometheus_target_scrape_pool_targets{scrape_job=\"\(job)\"} \(count)\n" }
        return try DeliveryLooksTests.metrics(text)
    }

    /// Plays rounds of two pods; returns what is known after each.
    private static func play(
        _ rounds: inout IdleRounds, _ count: Int, _ first: [String: Int], _ second: [String: Int]
    ) throws -> [Set<String>?] {
        try (0..<count).map { _ in
            _ = rounds.take(try metrics(first), of: pod(0), among: pods, wanted: 2)
            _ = rounds.take(try metrics(second), of: pod(1), among: pods, wanted: 2)
            return rounds.idle
        }
    }

    @Test func `A job counts once it has had no targets on any pod for five rounds`() throws {
        var rounds = IdleRounds()
        // With two shards, a pod finds half of the targets.
        let found = try Self.play(&rounds, 6, ["a": 1, "b": 0, "c": 0], ["a": 0, "b": 3, "c": 0])
        #expect(found == [nil, nil, nil, nil, ["c"], ["c"]])
    }

    @Test func `A pod that has just started, and has no jobs yet, holds up nothing`() throws {
        var rounds = IdleRounds()
        for _ in 0..<3 { _ = rounds.take(try Self.metrics([:]), of: Self.pod(0), among: [Self.pod(0)], wanted: 1) }
        for _ in 0..<5 { _ = rounds.take(try Self.metrics(["c": 0]), of: Self.pod(0), among: [Self.pod(0)], wanted: 1) }
        #expect(rounds.idle == ["c"])
    }

    @Test func `A job that has targets again no longer counts with the first pod that says so`() throws {
        var rounds = IdleRounds()
        _ = try Self.play(&rounds, 5, ["c": 0], ["c": 0])
        #expect(rounds.idle == ["c"])
        let hasChanged = rounds.take(try Self.metrics(["c": 1]), of: Self.pod(1), among: Self.pods, wanted: 2)
        #expect(hasChanged)
        #expect(rounds.idle == [])
        _ = rounds.take(try Self.metrics(["c": 0]), of: Self.pod(0), among: Self.pods, wanted: 2)
        let later = try Self.play(&rounds, 5, ["c": 0], ["c": 0])
        #expect(later == [[], [], [], [], ["c"]])
    }

    @Test func `While a pod does not run or does not answer, nothing new counts`() throws {
        var rounds = IdleRounds()
        for _ in 0..<20 {
            _ = rounds.take(try Self.metrics(["c": 0]), of: Self.pod(0), among: [Self.pod(0)], wanted: 2)
            _ = rounds.take(try Self.metrics(["c": 0]), of: Self.pod(0), among: Self.pods, wanted: 1)
        }
        #expect(rounds.idle == nil)
    }

    @Test func `A pod without jobs, such as one of a shard that drains, says nothing about those of others`() throws {
        var rounds = IdleRounds()
        let pods = Self.pods.union([Self.pod(2)])
        for _ in 0..<5 {
            for number in 0...2 {
                let jobs = number == 2 ? [:] : ["c": 0]
                _ = rounds.take(try Self.metrics(jobs), of: Self.pod(number), among: pods, wanted: 2)
            }
        }
        #expect(rounds.idle == ["c"])
    }

    @Test func `What hostile metrics cost is bounded`() throws {
        var text = "prometheus_remote_storage_highest_timestamp_in_seconds 1\n"
        for number in 0..<(AgentMetrics.mostIdleJobs + 5) {
            text += "prometheus_target_scrape_pool_targets{scrape_job=\"\(number)\"} 0\n"
        }
        let long = String(repeating: "x", count: 2000)
        text += "prometheus_target_scrape_pool_targets{scrape_job=\"\(long)\"} 0\n"
        let metrics = try DeliveryLooksTests.metrics(text, piece: 1 << 16)
        #expect(metrics.idleJobs.count == AgentMetrics.mostIdleJobs)
        #expect(!metrics.idleJobs.contains(long))
        #expect(metrics.jobs == AgentMetrics.mostIdleJobs + 6)
    }

    @Test func `An agent's jobs are told when they change, and by no more pods than it has`() throws {
        let agent = ObjectKey(namespace: "a", name: "x")
        var machine = DeliveryStateMachine()
        _ = machine.follow(agent, AgentEndpoint(scheme: "http", port: 9090, prefix: "", pods: 2), now: .zero)
        for number in 0...1 {
            let pod = DeliveryStateMachine.Pod(agent: agent, address: "10.0.0.\(number)", uid: "u\(number)")
            _ = machine.set(Self.pod(number), pod, now: .zero)
        }
        var told: [Set<String>] = []
        for round in 1...7 {
            let jobs = ["c": round == 7 ? 1 : 0]
            for second in 0..<60 {
                for question in machine.next(now: .seconds(round * 60 + second)).questions {
                    let news = machine.lookForIdleJobs(try Self.metrics(jobs), for: question)
                    if let news { told.append(news.jobs) }
                    _ = machine.found(.success(nil), for: question)
                }
            }
        }
        #expect(told == [["c"], []])
        let more = AgentEndpoint(scheme: "http", port: 9090, prefix: "", pods: 3)
        let moves = machine.follow(agent, more, now: .seconds(500))
        #expect(!moves, "another number of pods moves none of them to another time")
    }
}
