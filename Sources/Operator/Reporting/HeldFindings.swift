import PlanningInput

/// Something that a plan finds, and that is worth an Event if it lasts.
protocol Finding: Hashable, Sendable {
    /// What it is about, whatever the words: a finding that only changes its words has lasted.
    var topic: String { get }
    /// Whether it says what has just happened, and so is reported at once.
    var hasHappened: Bool { get }
}

/// Which findings to report, and when: each one once, and only after it has held for some seconds.
///
/// Objects are often applied one after the other. What is missing for a moment, such as a Secret that comes next in the
/// same folder, concerns no one. It has no clock and reports nothing itself.
struct HeldFindings<Item: Finding> {
    /// Findings to report now.
    struct Step {
        var due: [(key: PlanKey, finding: Item)] = []
        /// When to look again; nil where only a new plan matters.
        var at: Duration?
    }

    private struct Entry {
        var due: Duration
        var isTold = false
    }

    /// How long a finding must hold.
    static var hold: Duration { .seconds(5) }

    private var entries: [PlanKey: [Item: Entry]] = [:]

    /// Takes over the findings of a custom resource's newest plan. Returns what has just happened, to be reported at once:
    /// the next plan no longer has it.
    mutating func set(_ findings: some Collection<Item>, of key: PlanKey, now: Duration) -> [Item] {
        guard !findings.isEmpty else {
            entries[key] = nil
            return []
        }
        let before = entries[key] ?? [:]
        var since: [String: Duration] = [:]
        for (finding, entry) in before { since[finding.topic] = min(since[finding.topic] ?? entry.due, entry.due) }
        entries[key] = findings.reduce(into: [:]) { result, finding in
            let due = since[finding.topic] ?? now + Self.hold
            result[finding] = before[finding] ?? Entry(due: due, isTold: finding.hasHappened)
        }
        return findings.filter { $0.hasHappened && before[$0] == nil }
    }

    /// The findings that have held long enough. They are reported from now on.
    mutating func next(now: Duration) -> Step {
        var step = Step()
        for (key, findings) in entries {
            for (finding, entry) in findings where !entry.isTold {
                guard entry.due <= now else {
                    step.at = min(step.at ?? entry.due, entry.due)
                    continue
                }
                entries[key]?[finding]?.isTold = true
                step.due.append((key, finding))
            }
        }
        return step
    }
}
