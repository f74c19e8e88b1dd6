import Kube
import Planning
import PlanningInput

/// Which receivers to ask, and when, which hashring file they have loaded.
///
/// It has no clock and makes no requests. A receiver is asked until it has the published file, less and less often. It is
/// not asked again until the file changes, its process changes, or it becomes ready again. If all receivers have the file,
/// none is asked.
///
/// Thanos sets the metric with the hash when it has parsed the file, before it builds the hashring, and exits if it cannot
/// build it. So the hash counts once it has been seen twice in one process.
struct ConvergenceStateMachine: PodPolling {
    /// A receiver of one global view.
    struct Place: Hashable, Comparable, Sendable {
        var view: ObjectKey
        var pod: ObjectKey

        static func < (left: Place, right: Place) -> Bool { (left.pod, left.view) < (right.pod, right.view) }
    }

    typealias Polls = PodPolls<Place>

    private struct Entry {
        var reader: FileReader
        /// How many questions in a row were not answered.
        var failures = 0
        /// The process that was seen with the right hash once.
        var seenIn: Double??
        var fileErrors: Double?
        var told: LoadedHashringAnswer?
    }

    /// The longest wait for one that answers.
    static let longestWait = Duration.seconds(30)
    /// The longest wait for one that does not: a network policy may block the requests for good.
    static let longestSilentWait = Duration.seconds(300)
    /// How many failures in a row it takes to report that a receiver does not answer: one that starts is silent for a while.
    static let failuresUntilTold = 4

    private var entries: [Place: Entry] = [:]
    private var polls = Polls()

    // MARK: - What changes

    /// Takes over which receivers read a global view's file, and which file they should have.
    mutating func follow(_ view: ObjectKey, _ readers: [FileReader], now: Duration) {
        let places = Dictionary(readers.map { (Place(view: view, pod: $0.pod), $0) }) { first, _ in first }
        for place in entries.keys where place.view == view && places[place] == nil {
            entries[place] = nil
            polls.forget(place)
        }
        for (place, reader) in places {
            guard var entry = entries[place] else {
                entries[place] = Entry(reader: reader)
                polls.ask(place, at: now)
                continue
            }
            let old = entry.reader
            guard old != reader else { continue }
            entry.reader = reader
            if !old.process.isSame(as: reader.process) || old.url != reader.url {
                entry.told = nil
                restart(&entry, place, at: now)
            } else if old.hash != reader.hash {
                // The file takes at least a moment to arrive.
                restart(&entry, place, at: now + Polls.firstWait)
            } else if reader.isReady, !old.isReady {
                restart(&entry, place, at: now)
            }
            entries[place] = entry
        }
    }

    private mutating func restart(_ entry: inout Entry, _ place: Place, at due: Duration) {
        polls.ask(place, at: due)
        entry.failures = 0
        entry.seenIn = nil
        entry.fileErrors = nil
        if case .refusing = entry.told { entry.told = nil }
    }

    /// No longer waits for answers: asking has stopped.
    mutating func stop(now: Duration) { polls.stop(now: now) }

    // MARK: - Asking

    /// Which receivers to ask now, and when to look again.
    mutating func next(now: Duration) -> Polls.Step { polls.next(now: now) }

    /// Where a receiver's metrics are; nil for one that is no longer followed.
    func url(of place: Place) -> String? { entries[place]?.reader.url }

    /// Takes in an answer, or why there is none; returns what is new about the receiver.
    mutating func answered(
        _ question: Polls.Question, _ answer: Result<ReceiverMetrics, ReceiverMetrics.Problem>, now: Duration
    ) -> LoadedHashringAnswer? {
        let place = question.place
        guard polls.answered(question), var entry = entries[place] else { return nil }
        defer { entries[place] = entry }
        switch answer {
        case .failure(let problem):
            entry.failures += 1
            entry.seenIn = nil
            polls.askLater(place, now: now, atMost: Self.longestSilentWait)
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
                polls.ask(place, at: now + Polls.firstWait)
                return nil
            }
            entry.seenIn = nil
            polls.askLater(place, now: now, atMost: Self.longestWait)
            if let before = errorsBefore, let after = metrics.fileErrors, after > before {
                return tell(.refusing(hash), &entry)
            }
            if case .refusing(hash) = entry.told { return nil }
            return tell(.loaded(hash), &entry)
        }
    }

    private func tell(_ finding: LoadedHashringAnswer, _ entry: inout Entry) -> LoadedHashringAnswer? {
        // The reason may differ each time; that the receiver does not answer is reported once.
        if case .silent = finding, case .silent = entry.told { return nil }
        guard entry.told != finding else { return nil }
        entry.told = finding
        return finding
    }
}
