import PlanningInput
import Testing

@testable import Operator

/// What follows from the metrics of an agent's pod. The numbers are those of Prometheus 3.5.
@Suite("What an agent's metrics say about sending")
struct DeliveryLooksTests {
    /// The counters of one remote write at one look.
    struct Counters {
        var attempts = 0.0
        var failed = 0.0
        var retried = 0.0
        var pending = 6.0
        var sent = 0.0
    }

    static let start = 1_796_000_000.0

    /// The text of an agent's metrics, so many seconds after it started.
    static func text(after seconds: Double, _ queues: [String: Counters], targets: Int = 1) -> String {
        var text = """
            # HELP process_start_time_seconds Start time of the process since unix epoch in seconds.
            process_start_time_seconds \(start)
            prometheus_remote_storage_highest_timestamp_in_seconds \(start + seconds)
            prometheus_target_scrape_pool_targets{scrape_job="x"} \(targets)

            """
        for (name, queue) in queues {
            let labels = "{remote_name=\"\(name)\",url=\"http://user:pw@m.example.org/w?a=\\\"b\"}"
            text += """
                prometheus_remote_storage_samples_total\(labels) \(queue.attempts)
                prometheus_remote_storage_samples_failed_total\(labels) \(queue.failed)
                prometheus_remote_storage_samples_retried_total\(labels) \(queue.retried)
                prometheus_remote_storage_samples_pending\(labels) \(queue.pending)
                prometheus_remote_storage_queue_highest_sent_timestamp_seconds\(labels) \(queue.sent)
                prometheus_remote_storage_shards\(labels) 50
                prometheus_remote_storage_shards_max\(labels) 50

                """
        }
        return text
    }

    static func metrics(_ text: String, piece: Int = 100) throws -> AgentMetrics {
        var metrics = AgentMetrics()
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            #expect(try metrics.take(status: 200, Array(rest.prefix(piece))))
            rest = rest.dropFirst(piece)
        }
        #expect(try !metrics.take(status: 200, []))
        return metrics
    }

    /// Looks a minute apart, the first one `first` seconds after the start; what each found.
    private static func looks(
        first: Double = 10, _ counters: [String: Counters]..., targets: Int = 1
    ) throws -> [PodDelivery?] {
        var looks = DeliveryLooks()
        return try counters.enumerated().map { number, queues in
            let seconds = first + Double(number) * 60
            let metrics = try metrics(text(after: seconds, queues, targets: targets))
            return looks.take(metrics, at: .seconds(seconds))
        }
    }

    private static func sent(_ seconds: Double) -> Double { start + seconds }

    @Test func `An agent whose samples arrive sends`() throws {
        let found = try Self.looks(
            ["a": Counters(attempts: 30, sent: Self.sent(8))], ["a": Counters(attempts: 210, sent: Self.sent(68))])
        #expect(found.map { $0?.state } == [.sending, .sending])
        #expect(found.last??.behind == 0)
        #expect(found.last??.remoteWrite == nil)
    }

    @Test func `An agent that gets nothing through does not send from its first look on`() throws {
        let found = try Self.looks(
            ["a": Counters(attempts: 12, retried: 6, pending: 30)],
            ["a": Counters(attempts: 60, retried: 54, pending: 200)])
        #expect(found.map { $0?.state } == [.notSending, .notSending])
        #expect(found.last??.remoteWrite == "a")
        #expect(found.last??.behind == 60, "70 s since it started, rounded down")
    }

    @Test func `Samples that are refused are lost, although the highest sent timestamp grows`() throws {
        let found = try Self.looks(
            ["a": Counters(attempts: 30, failed: 30, sent: Self.sent(8))],
            ["a": Counters(attempts: 210, failed: 204, sent: Self.sent(68))])
        #expect(found.map { $0?.state } == [.refused, .refused])
        #expect(found.last??.failed == 100, "174 a minute, rounded down")
    }

    @Test func `A single refused batch is only a figure, and refused samples look after look are a loss`() throws {
        let found = try Self.looks(
            ["a": Counters(attempts: 300, sent: Self.sent(8))],
            ["a": Counters(attempts: 600, failed: 10, sent: Self.sent(68))],
            ["a": Counters(attempts: 900, failed: 20, sent: Self.sent(128))],
            ["a": Counters(attempts: 1200, failed: 20, sent: Self.sent(188))])
        #expect(found.map { $0?.state } == [.sending, .sending, .losing, .sending])
        #expect(found.map { $0?.failed } == [0, 10, 10, 0])
    }

    @Test func `An agent that catches up is behind until it is less than two minutes behind`() throws {
        let found = try Self.looks(
            first: 3600, ["a": Counters(attempts: 10, pending: 900, sent: Self.sent(100))],
            ["a": Counters(attempts: 900, pending: 900, sent: Self.sent(2000))],
            ["a": Counters(attempts: 1900, pending: 900, sent: Self.sent(3600))],
            ["a": Counters(attempts: 2900, pending: 9, sent: Self.sent(3778))])
        #expect(found.map { $0?.state } == [nil, .behind, .behind, .sending])
        #expect(found.map { $0?.behind } == [nil, 600, 120, 0])
        #expect(found[1]?.cause?.reason == "ShardsAtMaximum")
        #expect(found[1]?.cause?.message.hasPrefix("m.example.org takes samples more slowly") == true)
    }

    @Test func `The counters of an old process say nothing before the second look`() throws {
        let found = try Self.looks(
            first: 90_000, ["a": Counters(attempts: 300, failed: 300, sent: Self.sent(89_990))],
            ["a": Counters(attempts: 600, failed: 300, sent: Self.sent(90_050))])
        #expect(found.map { $0?.state } == [nil, .sending])
    }

    @Test func `A remote write that gets few samples is not behind`() throws {
        let found = try Self.looks(
            first: 900, ["a": Counters(attempts: 5, pending: 0, sent: Self.sent(300))],
            ["a": Counters(attempts: 5, pending: 1, sent: Self.sent(300))],
            ["a": Counters(attempts: 6, pending: 0, sent: Self.sent(955))])
        #expect(found.map { $0?.state } == [nil, .sending, .sending])
    }

    @Test func `Of several remote writes the worst counts`() throws {
        let found = try Self.looks(
            [
                "good": Counters(attempts: 30, sent: Self.sent(8)), "away": Counters(attempts: 12, retried: 6),
                "refusing": Counters(attempts: 30, failed: 30, sent: Self.sent(8)),
            ])
        #expect(found.first??.state == .notSending)
        #expect(found.first??.remoteWrite == "away")
    }

    @Test func `An agent without targets, or without remote writes, says so`() throws {
        let same = ["a": Counters(attempts: 30, pending: 0, sent: Self.sent(8))]
        var looks = DeliveryLooks()
        #expect(looks.take(try Self.metrics(Self.text(after: 9, same, targets: 0)), at: .zero)?.state == .sending)
        #expect(
            looks.take(try Self.metrics(Self.text(after: 9, same, targets: 0)), at: .seconds(60))?.state
                == .nothingScraped)
        #expect(looks.take(try Self.metrics(Self.text(after: 9, [:])), at: .seconds(120))?.state == .noRemoteWrite)
    }

    @Test(arguments: [1, 7, 4096]) func `Metrics are read in pieces of any size`(piece: Int) throws {
        let metrics = try Self.metrics(Self.text(after: 5, ["a": Counters(attempts: 3)]), piece: piece)
        #expect(metrics.queues["a"]?.attempts == 3)
        #expect(metrics.queues["a"]?.url == "http://user:pw@m.example.org/w?a=\"b")
        #expect(metrics.newest == Self.start + 5)
    }

    @Test func `Another program, an error and a hostile text are no answer`() throws {
        var other = AgentMetrics()
        #expect(throws: AgentMetrics.Problem.self) {
            _ = try other.take(status: 200, Array("go_goroutines 7\n".utf8))
            _ = try other.take(status: 200, [])
        }
        var refusing = AgentMetrics()
        #expect(throws: AgentMetrics.Problem.self) { try refusing.take(status: 401, []) }
        var text = "prometheus_remote_storage_highest_timestamp_in_seconds NaN\n"
        for number in 0..<1000 { text += "prometheus_remote_storage_shards{remote_name=\"\(number)\"} 1e300\n" }
        var many = AgentMetrics()
        _ = try many.take(status: 200, Array(text.utf8))
        #expect(many.queues.count == AgentMetrics.mostQueues)
        #expect(throws: AgentMetrics.Problem.self) { try many.take(status: 200, []) }
    }

    @Test(arguments: [1, 3, 1000]) func `Targets that are down are counted, also where the answer is cut in pieces`(
        piece: Int
    ) throws {
        let answer = """
            {"data":{"activeTargets":[{"labels":{"a":"\\"health\\":\\"down\\""},"health":"down"},{"health":"up"},\
            {"discoveredLabels":{"b":"{[\\\\"},"labels":{"health":"down","scrapeInterval":"1s"},"health":"up"},\
            {"health":"unknown"},{"lastError":"x","health":"down","scrapeInterval":"1s"}]}}
            """
        var health = TargetHealth()
        var rest = Array(answer.utf8)[...]
        while !rest.isEmpty {
            _ = try health.take(status: 200, Array(rest.prefix(piece)))
            rest = rest.dropFirst(piece)
        }
        #expect(try !health.take(status: 200, []))
        #expect(health.count == 2)
    }

    @Test func `An endless answer about targets is given up`() {
        var health = TargetHealth()
        #expect(throws: TargetHealth.Problem.self) {
            for _ in 0..<100 { _ = try health.take(status: 200, [UInt8](repeating: 32, count: 1 << 20)) }
        }
    }
}
