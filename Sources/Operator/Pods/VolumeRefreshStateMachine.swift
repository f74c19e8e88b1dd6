import PlanningInput

/// Which pods to annotate, and when, after what they mount has changed.
///
/// It has no clock and writes nothing. A burst of changes is one round: a round waits until changes pause, though not for
/// long, and rounds of one group are some time apart.
struct VolumeRefreshStateMachine {
    /// One round of annotations.
    struct Round: Equatable {
        var group: PodGroup
        /// The version of the object that was written last.
        var version: String
    }

    /// What to do now.
    struct Step: Equatable {
        var rounds: [Round] = []
        /// When to look again; nil where only a change matters.
        var at: Duration?
    }

    private struct Entry {
        /// The version to announce; nil if it was announced.
        var version: String?
        /// When the first change came that was not announced.
        var first: Duration
        var due: Duration
        /// When the last round is far enough away for the next one; nil while it is being made.
        var earliest: Duration?
    }

    /// How long changes pause before a round. People and scripts that apply one file after the other are quicker.
    static let pause = Duration.milliseconds(750)
    /// How long a change waits at most where changes do not pause. Ten edits of an agent with a hundred shards take five
    /// seconds.
    static let patience = Duration.seconds(8)
    /// How long a group has no round after the end of one.
    static let interval = Duration.seconds(2)

    private var entries: [PodGroup: Entry] = [:]

    /// Takes in that an object was written that the pods of a group mount.
    mutating func changed(_ group: PodGroup, version: String, now: Duration) {
        var entry = entries[group] ?? Entry(first: now, due: now, earliest: now)
        if entry.version == nil { entry.first = now }
        entry.version = version
        entry.due = min(now + Self.pause, entry.first + Self.patience)
        entries[group] = entry
    }

    /// The rounds to make now. Each has to be `finished` before its group has another.
    mutating func next(now: Duration) -> Step {
        var step = Step()
        for (group, entry) in entries {
            guard let earliest = entry.earliest else { continue }
            let due = max(entry.due, earliest)
            guard due <= now else {
                if entry.version != nil { step.at = min(step.at ?? due, due) }
                continue
            }
            guard let version = entry.version else {
                entries[group] = nil
                continue
            }
            step.rounds.append(Round(group: group, version: version))
            entries[group] = Entry(first: now, due: now, earliest: nil)
        }
        return step
    }

    /// Takes in that all pods of a group were annotated, or could not be.
    mutating func finished(_ group: PodGroup, now: Duration) {
        entries[group]?.earliest = now + Self.interval
    }
}
