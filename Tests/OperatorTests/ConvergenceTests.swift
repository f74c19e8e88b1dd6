import Kube
import Planning
import PlanningInput
import Receivers
import Testing

@testable import Operator

/// Who is asked for the hashring file that it has, and when; the clock is turned by hand.
@Suite("Convergence of receivers") struct ConvergenceTests {
    typealias Finding = LoadedHashringAnswer

    static let view = ObjectKey(namespace: "o11y", name: "main")
    /// What the published file shows as, and what the one before does.
    static let (new, old): (UInt64, UInt64) = (0xABCD, 0x1234)

    static func pod(_ name: String) -> ObjectKey { ObjectKey(namespace: "o11y", name: name) }

    static func reader(
        _ name: String, hash: UInt64 = new, uid: String = "u", restarts: Int = 0, isReady: Bool = true,
        url: String = "http://10.0.0.1:10902/metrics"
    ) -> FileReader {
        let process = PodProcess(
            Object([
                "metadata": ["uid": .string(uid)],
                "status": ["containerStatuses": [["restartCount": JSON(restarts)]]],
            ]))
        return FileReader(pod: pod(name), url: url, process: process, isReady: isReady, hash: hash)
    }

    static func says(_ hash: UInt64, errors: Int = 0, start: Int = 1) throws -> ReceiverMetrics {
        var metrics = ReceiverMetrics()
        let text = """
            process_start_time_seconds \(start)
            thanos_receive_config_hash \(Double(hash))
            thanos_receive_hashrings_file_errors_total \(errors)

            """
        _ = try metrics.take(status: 200, Array(text.utf8))
        return metrics
    }

    /// Receivers and the one that asks them, second by second.
    struct Play {
        var machine = ConvergenceStateMachine()
        var now = Duration.zero
        /// When which pod was asked, in seconds.
        var asked: [String] = []
        var findings: [Finding] = []

        mutating func follow(_ readers: FileReader...) { machine.follow(ConvergenceTests.view, readers, now: now) }

        /// Lets time pass; every question is answered at once by `answer`, nil for no answer.
        mutating func pass(_ seconds: Int, _ answer: (String) throws -> ReceiverMetrics?) rethrows {
            let end = now + .seconds(seconds)
            while true {
                let step = machine.next(now: now)
                for question in step.questions {
                    asked.append("\(question.place.pod.name)@\(now.components.seconds)")
                    let metrics = try answer(question.place.pod.name)
                    let result: Result<ReceiverMetrics, ReceiverMetrics.Problem> =
                        metrics.map { .success($0) } ?? .failure(.init(description: "no answer"))
                    if let finding = machine.answered(question, result, now: now) { findings.append(finding) }
                }
                if !step.questions.isEmpty { continue }
                guard let at = step.at, at <= end else { break }
                now = at
            }
            now = end
        }
    }

    @Test func `A file counts once it was seen twice in one process, and then the receiver is not asked again`() throws
    {
        var play = Play()
        play.follow(Self.reader("a-0"))
        try play.pass(3600) { _ in try Self.says(Self.new) }
        #expect(play.asked == ["a-0@0", "a-0@1"])
        #expect(play.findings == [.loaded(Self.new)])
    }

    @Test func `A receiver that exits after it has read the file does not have it`() throws {
        var play = Play()
        play.follow(Self.reader("a-0"))
        var start = 0
        try play.pass(5) { _ in
            start += 1
            return try Self.says(Self.new, start: start)
        }
        #expect(play.asked == ["a-0@0", "a-0@1", "a-0@2", "a-0@3", "a-0@4", "a-0@5"])
        #expect(play.findings == [])
    }

    @Test func `A receiver with an older file is asked less and less often, until it has the new one`() throws {
        var play = Play()
        play.follow(Self.reader("a-0"))
        try play.pass(100) { _ in try Self.says(Self.old) }
        #expect(
            play.asked == [
                "a-0@0", "a-0@1", "a-0@3", "a-0@7", "a-0@15", "a-0@31", "a-0@61", "a-0@91",
            ])
        #expect(play.findings == [.loaded(Self.old)])
        try play.pass(100) { _ in try Self.says(Self.new) }
        #expect(play.asked.suffix(2) == ["a-0@121", "a-0@122"])
        #expect(play.findings == [.loaded(Self.old), .loaded(Self.new)])
    }

    @Test func `All receivers are asked a second after a new file was published`() throws {
        var play = Play()
        play.follow(Self.reader("a-0", hash: Self.old), Self.reader("a-1", hash: Self.old))
        try play.pass(10) { _ in try Self.says(Self.old) }
        play.asked = []
        play.follow(Self.reader("a-0"), Self.reader("a-1"))
        try play.pass(1000) { _ in try Self.says(Self.new) }
        #expect(play.asked == ["a-0@11", "a-1@11", "a-0@12", "a-1@12"])
        #expect(play.findings == [.loaded(Self.old), .loaded(Self.old), .loaded(Self.new), .loaded(Self.new)])
    }

    @Test func `A change that does not concern the file causes no question`() throws {
        var play = Play()
        play.follow(Self.reader("a-0"))
        try play.pass(10) { _ in try Self.says(Self.new) }
        play.asked = []
        play.follow(Self.reader("a-0", isReady: false))
        play.follow(Self.reader("a-0", isReady: false))
        try play.pass(100) { _ in try Self.says(Self.new) }
        #expect(play.asked == [])
    }

    @Test(arguments: [
        reader("a-0", uid: "v"), reader("a-0", restarts: 1), reader("a-0", url: "http://10.0.0.2:10902/metrics"),
    ])
    func `A new process is asked again`(reader: FileReader) throws {
        var play = Play()
        play.follow(Self.reader("a-0"))
        try play.pass(10) { _ in try Self.says(Self.new) }
        (play.asked, play.findings) = ([], [])
        play.follow(reader)
        try play.pass(100) { _ in try Self.says(Self.new, start: 2) }
        #expect(play.asked == ["a-0@10", "a-0@11"])
        #expect(play.findings == [.loaded(Self.new)])
    }

    @Test func `A pod that becomes ready again is asked again`() throws {
        var play = Play()
        play.follow(Self.reader("a-0"))
        try play.pass(10) { _ in try Self.says(Self.new) }
        play.follow(Self.reader("a-0", isReady: false))
        play.asked = []
        play.follow(Self.reader("a-0"))
        try play.pass(100) { _ in try Self.says(Self.new) }
        #expect(play.asked == ["a-0@10", "a-0@11"])
        #expect(play.findings == [.loaded(Self.new)])
    }

    @Test func `A receiver that does not answer is unknown after a while, and asked less and less often`() throws {
        var play = Play()
        play.follow(Self.reader("a-0"))
        play.pass(3600) { _ in nil }
        #expect(play.findings == [.silent("no answer")])
        #expect(play.asked.prefix(5) == ["a-0@0", "a-0@1", "a-0@3", "a-0@7", "a-0@15"])
        #expect(play.asked.count < 22)
        try play.pass(301) { _ in try Self.says(Self.new) }
        #expect(play.findings == [.silent("no answer"), .loaded(Self.new)])
    }

    @Test func `A receiver that refuses the file is told apart from one that waits for it`() throws {
        var play = Play()
        play.follow(Self.reader("a-0"))
        var errors = 7
        try play.pass(40) { _ in
            errors += 1
            return try Self.says(Self.old, errors: errors)
        }
        #expect(play.findings == [.loaded(Self.old), .refusing(Self.old)])
        // Another file is another chance.
        play.follow(Self.reader("a-0", hash: 0xBEEF))
        try play.pass(3) { _ in try Self.says(Self.old, errors: errors) }
        #expect(play.findings == [.loaded(Self.old), .refusing(Self.old), .loaded(Self.old)])
    }

    @Test func `Eight receivers are asked at once, and the others after them`() {
        var machine = ConvergenceStateMachine()
        machine.follow(Self.view, (10..<40).map { Self.reader("a-\($0)") }, now: .zero)
        let step = machine.next(now: .zero)
        #expect(step.questions.map(\.place.pod.name) == (10..<18).map { "a-\($0)" })
        #expect(step.at == nil)
        #expect(machine.next(now: .seconds(9)).questions.isEmpty)
        _ = machine.answered(step.questions[0], .failure(.init(description: "x")), now: .zero)
        #expect(machine.next(now: .zero).questions.map(\.place.pod.name) == ["a-18"])
    }

    @Test func `Late answers and those of pods that are gone are ignored, and block no other question`() throws {
        var machine = ConvergenceStateMachine()
        let readers = (0..<8).map { Self.reader("a-\($0)") }
        machine.follow(Self.view, readers, now: .zero)
        let questions = machine.next(now: .zero).questions
        machine.follow(Self.view, [], now: .zero)
        let answer = try Self.says(Self.old)
        for question in questions { #expect(machine.answered(question, .success(answer), now: .zero) == nil) }
        machine.follow(Self.view, readers, now: .zero)
        #expect(machine.next(now: .zero).questions.count == 8)
        for question in questions { #expect(machine.answered(question, .success(answer), now: .zero) == nil) }
        machine.stop(now: .seconds(1))
        #expect(machine.next(now: .seconds(1)).questions.count == 8)
    }
}

/// What is read out of a receiver's metrics, whoever sends them.
@Suite("The metrics of a receiver") struct ReceiverMetricsTests {
    @Test(arguments: [1, 2, 7, 64, 10_000])
    func `The metrics are found however the text is cut`(size: Int) throws {
        let text = """
            # HELP process_start_time_seconds Start time of the process since unix epoch in seconds.
            # TYPE process_start_time_seconds gauge
            process_start_time_seconds 1.78e+09
            prometheus_tsdb_head_series{tenant="\(String(repeating: "x", count: 5000))"} 5
            # TYPE thanos_receive_config_hash gauge
            thanos_receive_config_hash 2.6388279066627e+13
            thanos_receive_config_hash_of_another 5
            thanos_receive_hashrings_file_errors_total 3

            """
        var metrics = ReceiverMetrics()
        var rest = Array(text.utf8)[...]
        var wantsMore = true
        while wantsMore {
            wantsMore = try metrics.take(status: 200, Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        #expect(metrics.configHash == 26_388_279_066_627)
        #expect(metrics.startTime == 1.78e9)
        #expect(metrics.fileErrors == 3)
    }

    @Test(arguments: [
        "", "<html>\nnot found\n</html>", "thanos_receive_config_hash NaN\n", "thanos_receive_config_hash -1\n",
        "thanos_receive_config_hash 1.5\n", "thanos_receive_config_hash 281474976710656\n",
        "thanos_receive_config_hash +Inf\n", "thanos_receive_config_hash\n", "thanos_receive_config_hash x\n",
        "thanos_receive_config_hash{} 5\n",
    ])
    func `A metric that is not a hash is an error`(text: String) {
        #expect(throws: ReceiverMetrics.Problem.self) {
            var metrics = ReceiverMetrics()
            if !text.isEmpty { _ = try metrics.take(status: 200, Array(text.utf8)) }
            _ = try metrics.take(status: 200, [])
        }
    }

    @Test func `Neither an endless text nor an endless line takes memory`() {
        var metrics = ReceiverMetrics()
        let chunk = [UInt8](repeating: UInt8(ascii: "t"), count: 1 << 20)
        #expect(throws: ReceiverMetrics.Problem.self) {
            for _ in 0..<100 { _ = try metrics.take(status: 200, chunk) }
        }
        #expect(metrics.keptBytes <= 256)
    }

    @Test func `An error page is an error`() {
        var metrics = ReceiverMetrics()
        #expect(throws: ReceiverMetrics.Problem.self) {
            try metrics.take(status: 503, Array("thanos_receive_config_hash 5\n".utf8))
        }
    }
}
