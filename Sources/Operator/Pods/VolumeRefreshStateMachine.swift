import PlanningInput

/// Which pods to annotate, and when, after what they mount has changed.
///
/// It has no clock and writes nothing. A burst of changes is one round: the first change waits a moment for others, and
/// rounds of one group are some time apart.
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
        var due: Duration
    }

    /// How long a change waits for others.
    static let gathering = Duration.milliseconds(200)
    /// How far apart the rounds of one group are at least.
    static let interval = Duration.seconds(2)

    private var entries: [PodGroup: Entry] = [:]

    /// Takes in that an object was written that the pods of a group mount.
    mutating func changed(_ group: PodGroup, version: String, now: Duration) {
        // Within the interval after a round, the next round is at its end.
        let due = entries[group].map { max($0.due, now) } ?? now + Self.gathering
        entries[group] = Entry(version: version, due: due)
    }

    /// The rounds to make now.
    mutating func next(now: Duration) -> Step {
        var step = Step()
        for (group, entry) in entries {
            guard entry.due <= now else {
                if entry.version != nil { step.at = min(step.at ?? entry.due, entry.due) }
                continue
            }
            guard let version = entry.version else {
                entries[group] = nil
                continue
            }
            step.rounds.append(Round(group: group, version: version))
            entries[group] = Entry(due: now + Self.interval)
        }
        return step
    }
}
