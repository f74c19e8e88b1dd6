/// How much an expression expands to, against the limits of Go's `regexp/syntax`.
///
/// Estimates are at least as large as Go's, so that an expression within them is within Go's limits.
struct RegularExpressionSize {
    /// The largest number of instructions; Go allows 3,355,443.
    private static let mostInstructions = 3_000_000
    /// The most groups inside one another. Go allows trees of height 1,000, to which a group adds up to 4.
    private static let mostGroups = 200

    private struct Part {
        var instructions = 0
        /// The largest product of repetitions inside one another.
        var repeats = 1
    }

    private struct Group {
        /// All alternatives up to the last operand.
        var whole = Part()
        /// The operand that a following operator repeats.
        var last = Part()

        mutating func takeLast() {
            whole.instructions += last.instructions
            whole.repeats = max(whole.repeats, last.repeats)
            last = Part()
        }
    }

    private var groups = [Group()]
    /// The first limit that was exceeded.
    private(set) var problem: String?

    /// The number of open groups.
    var depth: Int { groups.count - 1 }

    mutating func openGroup() {
        groups.append(Group())
        if depth > Self.mostGroups { problem = "expression nests more than \(Self.mostGroups) groups" }
    }

    /// Ends the innermost group, which becomes an operand of the one around it.
    mutating func closeGroup() {
        guard depth > 0, var group = groups.popLast() else { return }
        group.takeLast()
        groups[depth].takeLast()
        groups[depth].last = group.whole
        grow(by: 2)
    }

    /// Ends a group that only sets flags, such as `(?i)`.
    mutating func dropGroup() { if depth > 0 { groups.removeLast() } }

    mutating func startAlternative() {
        groups[depth].takeLast()
        groups[depth].whole.instructions += 1
    }

    /// Adds literals, of which an operator repeats the last one.
    mutating func append(_ count: Int) {
        groups[depth].takeLast()
        groups[depth].whole.instructions += max(0, count - 1)
        grow(by: 1)
    }

    /// Repeats the last operand without a count.
    mutating func repeatLast() -> Bool {
        grow(by: 2)
        return true
    }

    /// Repeats the last operand; false where repetitions inside one another are too many.
    mutating func repeatLast(_ low: Int, _ high: Int?) -> Bool {
        let count = high ?? low
        let last = groups[depth].last
        groups[depth].last = Part(
            instructions: (last.instructions + 1) * max(1, count), repeats: high == 0 ? 1 : last.repeats * max(1, count)
        )
        grow(by: 2)
        return groups[depth].last.repeats <= RegularExpressionChecker.mostRepeats
    }

    /// The limit that the whole expression exceeds.
    mutating func finish() -> String? {
        groups[0].takeLast()
        grow(by: 0)
        return problem
    }

    private mutating func grow(by count: Int) {
        groups[depth].last.instructions += count
        let total = groups[depth].whole.instructions + groups[depth].last.instructions
        if total > Self.mostInstructions {
            problem = "expression expands to more than \(Self.mostInstructions) instructions"
        }
    }
}
