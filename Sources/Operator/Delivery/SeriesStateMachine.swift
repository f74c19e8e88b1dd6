import Kube
import Planning
import PlanningInput

/// Which views to ask for the series of their tenants, and when, and what is new about them.
///
/// It has no clock and makes no requests. Each view is asked once in an interval, however many tenants it has. What it tells
/// changes only when a tenant begins or ceases to send, or has many more or fewer series, so that a fleet in which nothing
/// happens writes nothing.
struct SeriesStateMachine: PodPolling {
    typealias Place = ObjectKey
    typealias Polls = PodPolls<ObjectKey>

    fileprivate struct Seen: Sendable {
        /// The time of the newest sample, in seconds since 1970.
        var last: Double
        var told: TenantSeries
    }

    fileprivate struct Entry: Sendable {
        var question: SeriesQuestion
        var tenants: [String: Seen] = [:]
        /// When the view first said of all tenants whether they send.
        var firstComplete: Timestamp?
        /// What was told last besides tenants.
        var told = SeriesFinding()
        var hasTold = false
        /// How often in a row it did not answer.
        var failures = 0
    }

    /// How old the newest sample of a tenant that has sent is when it counts as silent, in seconds. Query APIs find samples of
    /// the last 5 minutes.
    static let silentAfter = 600.0
    /// For how long a silent tenant is remembered, in seconds: its status has all there is to know.
    static let remembered = 86_400.0
    /// How often in a row a view must fail before that is told: a Prometheus that restarts takes a while.
    static let failedLooks = 10

    private let interval: Duration
    private var entries: [ObjectKey: Entry] = [:]
    private var polls = Polls()

    /// A machine that asks each view once in an interval.
    init(interval: Duration) { self.interval = interval }

    /// Takes over how to ask a view; nil if it is not to be asked. Returns whether that has changed.
    mutating func follow(_ view: ObjectKey, _ question: SeriesQuestion?, now: Duration) -> Bool {
        guard entries[view]?.question != question else { return false }
        polls.forget(view)
        entries[view] = question.map { Entry(question: $0) }
        // Views are spread, and a new one has some seconds to start.
        if question != nil { polls.ask(view, at: now + interval / 60 * (5 + entries.count % 50)) }
        return true
    }

    mutating func stop(now: Duration) { polls.stop(now: now) }

    mutating func next(now: Duration) -> Polls.Step { polls.next(now: now) }

    /// How to ask a view; nil for one that is no longer followed.
    func question(for view: ObjectKey) -> SeriesQuestion? { entries[view]?.question }

    /// Takes in an answer; returns what is new.
    mutating func found(
        _ answer: Result<SeriesAnswer, SeriesAnswer.Problem>, for question: Polls.Question, now: Duration,
        at time: Timestamp
    ) -> SeriesFinding? {
        let view = question.place
        guard polls.answered(question), var entry = entries[view] else { return nil }
        polls.ask(view, at: now + interval)
        let finding = entry.take(answer, at: time)
        entries[view] = entry
        return finding
    }
}

extension SeriesStateMachine.Entry {
    private typealias Machine = SeriesStateMachine

    fileprivate mutating func take(
        _ answer: Result<SeriesAnswer, SeriesAnswer.Problem>, at time: Timestamp
    ) -> SeriesFinding? {
        var finding = told
        finding.tenants = [:]
        finding.replaces = false
        switch answer {
        case .failure(let problem):
            failures += 1
            // The words of the first failure stay, since they may differ each time.
            if failures >= Machine.failedLooks, told.problem == nil { finding.problem = problem.description }
        case .success(let answer):
            failures = 0
            finding.problem = nil
            finding.replaces = !hasTold
            finding.tenants = news(of: answer, at: time)
            if !answer.isPartial {
                let first = firstComplete ?? time
                firstComplete = first
                if Double(time.seconds - first.seconds) >= Machine.silentAfter { finding.othersAbsentSince = first }
            }
        }
        var rest = finding
        (rest.tenants, rest.replaces) = ([:], false)
        guard rest != told || !finding.tenants.isEmpty || finding.replaces else { return nil }
        told = rest
        hasTold = hasTold || finding.replaces
        return finding
    }

    private mutating func news(of answer: SeriesAnswer, at time: Timestamp) -> [String: TenantSeries?] {
        var news: [String: TenantSeries?] = [:]
        let now = Double(time.seconds)
        for (id, figures) in answer.tenants {
            let old = tenants[id]
            let series: TenantSeries = .receiving(series: Self.steps(figures.series, told: old?.told))
            if old?.told != series { news[id] = series }
            tenants[id] = Machine.Seen(last: min(max(figures.last, old?.last ?? 0), now), told: series)
        }
        // Where a part of the answer is missing, that a tenant is not in it says nothing.
        guard !answer.isPartial else { return news }
        for (id, seen) in tenants where answer.tenants[id] == nil {
            let age = now - seen.last
            if case .receiving = seen.told {
                guard age >= Machine.silentAfter else { continue }
                let silent = TenantSeries.silent(lastSample: Timestamp(seconds: Int64(seen.last)))
                tenants[id]?.told = silent
                news[id] = silent
            } else if age >= Machine.remembered {
                tenants[id] = nil
                news[id] = TenantSeries?.none
            }
        }
        return news
    }

    /// A number of series in steps. One that goes up and down around a step stays at the step.
    private static func steps(_ number: Double, told: TenantSeries?) -> Int {
        let step = DeliverySteps.count(number)
        guard case .receiving(let old)? = told, step < old, number >= 0.8 * Double(old) else { return step }
        return old
    }
}
