/// How one thing stands, the best first.
package enum NodeHealth: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Nothing is known of it, for example since it is only in a file.
    case unknown
    /// It works as far as can be told.
    case ok
    /// Something is about to happen.
    case waiting
    /// Somebody has to do something.
    case wrong

    package static func < (left: NodeHealth, right: NodeHealth) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// How many of some things stand how.
package struct HealthCount: Sendable, Hashable {
    private var counts: [Int] = [0, 0, 0, 0]

    /// Counts some things.
    package init(_ healths: some Sequence<NodeHealth> = []) { for health in healths { add(health) } }

    /// The number of those that stand so.
    package subscript(health: NodeHealth) -> Int { counts[Self.index(health)] }

    /// The number of all of them.
    package var all: Int { counts.reduce(0, +) }

    /// Adds one.
    package mutating func add(_ health: NodeHealth) { counts[Self.index(health)] += 1 }

    private static func index(_ health: NodeHealth) -> Int {
        switch health {
        case .unknown: 0
        case .ok: 1
        case .waiting: 2
        case .wrong: 3
        }
    }

    /// In words, the worst first: `1 wrong, 9998 ok`.
    package var summary: String {
        NodeHealth.allCases.reversed().filter { self[$0] > 0 }.map { "\(self[$0]) \($0.rawValue)" }
            .joined(separator: ", ")
    }
}
