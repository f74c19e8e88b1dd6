/// Which pods to ask, and when: at most 8 at once, with a back-off that doubles.
///
/// It has no clock and makes no requests. Each question has a number, so that late answers are ignored.
struct PodPolls<Place: Hashable & Comparable & Sendable>: Sendable {
    /// A place to ask now.
    struct Question: Hashable, Sendable {
        var place: Place
        fileprivate var number: Int
    }

    /// What to do now.
    struct Step: Equatable, Sendable {
        var questions: [Question] = []
        /// When to look again; nil where only a change or an answer matters.
        var at: Duration?
    }

    private struct Entry: Sendable {
        /// When to ask; nil where nothing is to be asked, or an answer is awaited.
        var due: Duration?
        /// The number of the question whose answer is awaited.
        var asked: Int?
        /// How often in a row the place was asked again later.
        var attempts = 0
    }

    /// How many places are asked at once.
    static var mostAtOnce: Int { 8 }
    /// The wait before a place is asked for the second time.
    static var firstWait: Duration { .seconds(1) }

    private var entries: [Place: Entry] = [:]
    private var newest = 0
    private var awaited = 0

    /// Has a place asked at a time, and resets its back-off; an answer that is awaited no longer counts.
    mutating func ask(_ place: Place, at due: Duration) { set(Entry(due: due), place) }

    /// Has a place asked again after its back-off, which starts at a second and doubles until ``ask(_:at:)`` resets it.
    mutating func askLater(_ place: Place, now: Duration, atMost longest: Duration) {
        let attempts = entries[place]?.attempts ?? 0
        let due = now + min(longest, Self.firstWait * (1 << min(attempts, 16)))
        set(Entry(due: due, attempts: attempts + 1), place)
    }

    /// Stops asking a place.
    mutating func forget(_ place: Place) { set(nil, place) }

    /// No longer waits for answers: asking has stopped. What was asked is due again.
    mutating func stop(now: Duration) {
        for (place, entry) in entries where entry.asked != nil {
            entries[place] = Entry(due: now, attempts: entry.attempts)
        }
        awaited = 0
    }

    /// The places to ask now; the answer to each is awaited from now on.
    mutating func next(now: Duration) -> Step {
        let due = entries.compactMap { place, entry in entry.due.map { (place: place, due: $0) } }
            .sorted { ($0.due, $0.place) < ($1.due, $1.place) }
        var step = Step()
        for (place, time) in due {
            guard awaited < Self.mostAtOnce else { return step }
            guard time <= now else {
                step.at = time
                return step
            }
            newest += 1
            awaited += 1
            entries[place]?.due = nil
            entries[place]?.asked = newest
            step.questions.append(Question(place: place, number: newest))
        }
        return step
    }

    /// Takes in that a question was answered, or failed; returns whether that was awaited.
    mutating func answered(_ question: Question) -> Bool {
        guard let entry = entries[question.place], entry.asked == question.number else { return false }
        entries[question.place]?.asked = nil
        awaited -= 1
        return true
    }

    private mutating func set(_ entry: Entry?, _ place: Place) {
        if entries[place]?.asked != nil { awaited -= 1 }
        entries[place] = entry
    }
}
