import Kube
import Planning
import PlanningInput

/// Whom to ask, and when, which hashring file they have loaded.
///
/// Pure: it has no clock and asks nobody. A receiver is asked until it has the published file, less and less often, and
/// then not again before the file changes, its process does, or Kubernetes calls it ready once more. So nobody is asked
/// where all have the file.
///
/// The metric with the hash is set when the file has parsed, before the ring is built, and a receiver ends where it cannot
/// build it. So the hash counts once it has been seen twice in one process.
struct ConvergenceStateMachine {
    /// A receiver as one global view's ring sees it.
    struct Place: Hashable, Sendable {
        var view: ObjectKey
        var pod: ObjectKey
    }

    /// Somebody to ask now.
    struct Question: Hashable, Sendable {
        var place: Place
        var url: String
        /// Tells late answers from those that are waited for.
        var number: Int
    }

    /// What is known of a receiver since the last answer.
    enum Finding: Hashable, Sendable {
        /// It has loaded a file of this hash, be it the published one or another.
        case loaded(UInt64)
        /// It has loaded a file of this hash, and refuses the one that it reads now.
        case refusing(UInt64)
        /// It does not answer, or not as Thanos does.
        case silent(String)
    }

    private struct Entry {
        var reader: FileReader
        /// When to ask; nil where there is nothing to ask, or an answer is waited for.
        var due: Duration?
        /// The question that is waited for.
        var asked: Int?
        /// How many answers in a row said nothing new.
        var attempts = 0
        /// How many questions in a row had no answer.
        var failures = 0
        /// The process that was seen with the right hash once.
        var seenIn: Double??
        var fileErrors: Double?
        var told: Finding?
    }

    /// How many are asked at the same time.
    static let mostAtOnce = 8
    /// The wait before a receiver is asked for the second time, and between the two looks at a hash.
    static let firstWait = Duration.seconds(1)
    /// The longest wait for one that answers.
    static let longestWait = Duration.seconds(30)
    /// The longest wait for one that does not: a network policy may well keep everybody out for ever.
    static let longestSilentWait = Duration.seconds(300)
    /// After how many failures in a row it is told that a receiver does not answer: one that starts is silent for a while.
    static let failuresUntilTold = 4

    private var entries: [Place: Entry] = [:]
    private var questions = 0
    private var waitedFor = 0

    // MARK: - What changes

    /// Takes over who reads a global view's file, and which they should have.
    mutating func follow(_ view: ObjectKey, _ readers: [FileReader], now: Duration) {
        let places = Dictionary(readers.map { (Place(view: view, pod: $0.pod), $0) }) { first, _ in first }
        for place in entries.keys where place.view == view && places[place] == nil { remove(place) }
        for (place, reader) in places {
            guard var entry = entries[place] else {
                entries[place] = Entry(reader: reader, due: now)
                continue
            }
            let old = entry.reader
            guard old != reader else { continue }
            entry.reader = reader
            if !old.process.isSame(as: reader.process) || old.url != reader.url {
                entry.told = nil
                restart(&entry, at: now)
            } else if old.hash != reader.hash {
                // It takes the file a moment to arrive, at the best.
                restart(&entry, at: now + Self.firstWait)
            } else if reader.isReady, !old.isReady {
                restart(&entry, at: now)
            }
            entries[place] = entry
        }
    }

    private mutating func restart(_ entry: inout Entry, at due: Duration) {
        if entry.asked != nil { waitedFor -= 1 }
        entry.asked = nil
        entry.due = due
        entry.attempts = 0
        entry.failures = 0
        entry.seenIn = nil
        entry.fileErrors = nil
        if case .refusing = entry.told { entry.told = nil }
    }

    private mutating func remove(_ place: Place) {
        if entries.removeValue(forKey: place)?.asked != nil { waitedFor -= 1 }
    }

    /// Waits for no answer any more: whoever asked has stopped.
    mutating func stop(now: Duration) {
        for (place, entry) in entries where entry.asked != nil {
            entries[place]?.asked = nil
            entries[place]?.due = now
        }
        waitedFor = 0
    }

    // MARK: - Asking

    /// Whom to ask now, and when to look again; no time where only a change or an answer matters.
    mutating func next(now: Duration) -> (questions: [Question], at: Duration?) {
        let due = entries.compactMap { place, entry in entry.due.map { (place: place, due: $0) } }
            .sorted { ($0.due, $0.place.pod) < ($1.due, $1.place.pod) }
        var asked: [Question] = []
        for (place, time) in due {
            guard waitedFor < Self.mostAtOnce else { return (asked, nil) }
            guard time <= now else { return (asked, time) }
            questions += 1
            waitedFor += 1
            entries[place]?.due = nil
            entries[place]?.asked = questions
            asked.append(Question(place: place, url: entries[place]?.reader.url ?? "", number: questions))
        }
        return (asked, nil)
    }

    /// Takes an answer, or why there is none; returns what is new about the receiver.
    mutating func answered(
        _ question: Question, _ answer: Result<ReceiverMetrics, ReceiverMetrics.Problem>, now: Duration
    ) -> Finding? {
        guard var entry = entries[question.place], entry.asked == question.number else { return nil }
        entry.asked = nil
        waitedFor -= 1
        defer { entries[question.place] = entry }
        switch answer {
        case .failure(let problem):
            entry.failures += 1
            entry.seenIn = nil
            wait(&entry, from: now, atMost: Self.longestSilentWait)
            guard entry.failures >= Self.failuresUntilTold else { return nil }
            return tell(.silent(problem.description), &entry)
        case .success(let metrics):
            entry.failures = 0
            let hash = metrics.configHash ?? 0
            let errorsBefore = entry.fileErrors
            entry.fileErrors = metrics.fileErrors
            if hash == entry.reader.hash {
                if let seenIn = entry.seenIn, seenIn == metrics.startTime { return tell(.loaded(hash), &entry) }
                entry.seenIn = .some(metrics.startTime)
                entry.attempts = 0
                entry.due = now + Self.firstWait
                return nil
            }
            entry.seenIn = nil
            wait(&entry, from: now, atMost: Self.longestWait)
            if let before = errorsBefore, let after = metrics.fileErrors, after > before {
                return tell(.refusing(hash), &entry)
            }
            if case .refusing(hash) = entry.told { return nil }
            return tell(.loaded(hash), &entry)
        }
    }

    private func wait(_ entry: inout Entry, from now: Duration, atMost longest: Duration) {
        entry.due = now + min(longest, Self.firstWait * (1 << min(entry.attempts, 16)))
        entry.attempts += 1
    }

    private func tell(_ finding: Finding, _ entry: inout Entry) -> Finding? {
        // Of one that does not answer it is enough to know that: the words may be others each time.
        if case .silent = finding, case .silent = entry.told { return nil }
        guard entry.told != finding else { return nil }
        entry.told = finding
        return finding
    }
}
