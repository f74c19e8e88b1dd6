import Kube
import Planning
import PlanningInput
import Testing

@testable import Operator

/// Which views are asked for the series of their tenants, and what is told. There is no clock but the tests' own.
@Suite("Asking views which tenants send")
struct SeriesStateMachineTests {
    private static let view = ObjectKey(namespace: "a", name: "main")
    private static let question = SeriesQuestion(url: "http://query:9090", label: "tenant")
    private static let start: Int64 = 1_796_000_000

    /// A machine with one view, whose answers come once a minute.
    private struct Run {
        var machine = SeriesStateMachine(interval: .seconds(60))
        var minute = 0

        init() { _ = machine.follow(view, question, now: .zero) }

        /// Asks once; returns what is new.
        mutating func look(_ answer: Result<SeriesAnswer, SeriesAnswer.Problem>, minutes: Int = 1) -> SeriesFinding? {
            minute += minutes
            let now = Duration.seconds(60 * minute)
            let questions = machine.next(now: now).questions
            #expect(questions.count == 1, "one question for all tenants")
            guard let question = questions.first else { return nil }
            return machine.found(answer, for: question, now: now, at: Timestamp(seconds: start + Int64(60 * minute)))
        }

        /// The newest sample of now is `age` seconds old.
        mutating func see(
            _ series: [String: Int], age: Int = 30, isPartial: Bool = false, minutes: Int = 1
        ) throws -> SeriesFinding? {
            look(
                .success(try answer(series, last: Int(start) + 60 * (minute + minutes) - age, isPartial)),
                minutes: minutes)
        }
    }

    static func answer(_ series: [String: Int], last: Int, _ isPartial: Bool) throws -> SeriesAnswer {
        let samples = series.flatMap { id, count -> [JSON] in
            [("series", count), ("last", last)].map { figure, value in
                ["metric": ["tenant": JSON(id), "tributary_figure": JSON(figure)], "value": [0, JSON("\(value)")]]
            }
        }
        let json: JSON = [
            "status": "success", "warnings": isPartial ? ["a store is missing"] : .null,
            "data": ["resultType": "vector", "result": .array(samples)],
        ]
        return try SeriesAnswer(status: 200, json.encoded(), to: question)
    }

    @Test func `Ten thousand tenants cost one question a minute, and tell nothing while nothing happens`() throws {
        var run = Run()
        let fleet = Dictionary(uniqueKeysWithValues: (0..<10_000).map { ("tenant-\($0)", 1000 + $0 % 7) })
        #expect(try run.see(fleet)?.tenants.count == 10_000)
        for _ in 0..<20 {
            // Numbers of series change all the time.
            let now = fleet.mapValues { $0 + run.minute % 90 }
            let news = try run.see(now)
            #expect(news?.tenants.isEmpty != false)
        }
    }

    @Test func `A tenant that ceases to send is told once, ten minutes after its newest sample`() throws {
        var run = Run()
        #expect(
            try run.see(["a": 120, "b": 7])?.tenants == ["a": .receiving(series: 100), "b": .receiving(series: 5)])
        let last = Self.start + 60 * Int64(run.minute) - 30
        for minute in 1...9 { #expect(try run.see(["a": 120])?.tenants["b"] == nil, "minute \(minute)") }
        #expect(try run.see(["a": 120])?.tenants == ["b": .silent(lastSample: Timestamp(seconds: last))])
        for _ in 0..<9 { #expect(try run.see(["a": 120])?.tenants.isEmpty != false) }
        #expect(try run.see(["a": 120, "b": 2])?.tenants == ["b": .receiving(series: 2)])
    }

    @Test func `While a part of the answer is missing, no tenant counts as silent`() throws {
        var run = Run()
        _ = try run.see(["a": 1, "b": 1])
        for _ in 0..<30 { #expect(try run.see(["a": 1], isPartial: true) == nil) }
        #expect(try run.see(["a": 1])?.tenants.keys.sorted() == ["b"])
    }

    @Test func `A number of series around a step is told once`() throws {
        var run = Run()
        #expect(try run.see(["a": 1990])?.tenants["a"] == .receiving(series: 1000))
        #expect(try run.see(["a": 2010])?.tenants["a"] == .receiving(series: 2000))
        for number in [1990, 2010, 1700, 4990] { #expect(try run.see(["a": number])?.tenants["a"] == nil) }
        #expect(try run.see(["a": 900])?.tenants["a"] == .receiving(series: 500))
    }

    @Test func `The absence of other tenants is told after ten minutes, since an operator that starts knows of none`()
        throws
    {
        var run = Run()
        #expect(try run.see(["a": 1])?.othersAbsentSince == nil)
        let first = Timestamp(seconds: Self.start + 60)
        for _ in 1...9 { #expect(try run.see(["a": 1]) == nil) }
        #expect(try run.see(["a": 1])?.othersAbsentSince == first)
        for _ in 1...9 { #expect(try run.see(["a": 1]) == nil) }
    }

    @Test func `A view that fails is told after ten minutes with the first reason, and that it works again at once`()
        throws
    {
        var run = Run()
        _ = try run.see(["a": 1])
        for _ in 1...9 { #expect(run.look(.failure(SeriesAnswer.Problem(description: "down"))) == nil) }
        let told = run.look(.failure(SeriesAnswer.Problem(description: "down")))
        #expect(told?.problem == "down" && told?.tenants == [:])
        #expect(run.look(.failure(SeriesAnswer.Problem(description: "other"))) == nil)
        let news = try run.see(["a": 1])
        #expect(news != nil && news?.problem == nil)
    }

    @Test func `A view with another query API starts anew, and one that is gone is not asked`() throws {
        var run = Run()
        #expect(try run.see(["a": 1])?.replaces == true)
        #expect(try run.see(["a": 1, "b": 1])?.replaces == false)
        #expect(run.machine.follow(Self.view, Self.question, now: .seconds(120)) == false)
        let other = SeriesQuestion(url: "http://other:9090/", label: "tenant")
        #expect(run.machine.follow(Self.view, other, now: .seconds(120)) == true)
        #expect(run.machine.question(for: Self.view)?.url == "http://other:9090")
        #expect(try run.see(["c": 1])?.replaces == true)
        #expect(run.machine.follow(Self.view, nil, now: .seconds(200)) == true)
        #expect(run.machine.next(now: .seconds(10_000)) == .init())
    }

    @Test func `Views are not all asked at once`() {
        var machine = SeriesStateMachine(interval: .seconds(60))
        for number in 0..<40 {
            _ = machine.follow(ObjectKey(namespace: "a", name: "view-\(number)"), Self.question, now: .zero)
        }
        #expect(machine.next(now: .seconds(4)).questions.isEmpty)
        #expect(machine.next(now: .seconds(10)).questions.count < 8)
    }
}
