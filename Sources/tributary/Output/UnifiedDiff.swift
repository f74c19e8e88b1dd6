/// The difference of two texts in the unified format of diff(1), with three lines around each change.
struct UnifiedDiff {
    /// The hunks as lines; empty if the texts are equal.
    private(set) var lines: [String] = []

    /// The most lines that are compared one by one; of longer texts what differs is one change.
    private static let longest = 4000
    private static let around = 3

    private enum Line {
        case same(String), old(String), new(String)

        var text: String {
            switch self {
            case .same(let text): " \(text)"
            case .old(let text): "-\(text)"
            case .new(let text): "+\(text)"
            }
        }
        var isSame: Bool {
            if case .same = self { true } else { false }
        }
        var isNew: Bool {
            if case .new = self { true } else { false }
        }
        var isOld: Bool {
            if case .old = self { true } else { false }
        }
    }

    init(_ old: String, _ new: String) {
        func split(_ text: String) -> [String] {
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            if lines.last == "" { lines.removeLast() }
            return lines
        }
        let all = Self.align(split(old), split(new))
        var index = 0
        while let change = all[index...].firstIndex(where: { !$0.isSame }) {
            let start = max(index, change - Self.around)
            var end = change + 1
            // A hunk goes on while the next change is near.
            while let next = all[end...].firstIndex(where: { !$0.isSame }), next - end <= 2 * Self.around {
                end = next + 1
            }
            let stop = min(all.count, end + Self.around)
            let before = all[..<start]
            let hunk = all[start..<stop]
            func range(_ skipped: Int, _ count: Int) -> String { "\(count == 0 ? skipped : skipped + 1),\(count)" }
            let oldRange = range(before.count { !$0.isNew }, hunk.count { !$0.isNew })
            let newRange = range(before.count { !$0.isOld }, hunk.count { !$0.isOld })
            lines.append("@@ -\(oldRange) +\(newRange) @@")
            lines += hunk.map(\.text)
            index = stop
        }
    }

    private static func align(_ old: [String], _ new: [String]) -> [Line] {
        let head = zip(old, new).prefix { $0 == $1 }.count
        let tail = zip(old[head...].reversed(), new[head...].reversed()).prefix { $0 == $1 }.count
        let (left, right) = (Array(old[head..<(old.count - tail)]), Array(new[head..<(new.count - tail)]))
        return old[..<head].map(Line.same) + middle(left, right) + old[(old.count - tail)...].map(Line.same)
    }

    private static func middle(_ old: [String], _ new: [String]) -> [Line] {
        guard old.count <= longest, new.count <= longest else { return old.map(Line.old) + new.map(Line.new) }
        let difference = new.difference(from: old)
        let removed = Set(difference.removals.map(\.offset))
        let inserted = Set(difference.insertions.map(\.offset))
        var result: [Line] = []
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            if i < old.count, removed.contains(i) {
                result.append(.old(old[i]))
                i += 1
            } else if j < new.count, inserted.contains(j) {
                result.append(.new(new[j]))
                j += 1
            } else {
                result.append(.same(old[i]))
                (i, j) = (i + 1, j + 1)
            }
        }
        return result
    }
}

extension CollectionDifference.Change {
    fileprivate var offset: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}
