#if canImport(Glibc)
import Glibc
#endif
import Kube

/// The API server of a figure.
enum Side: Int, CaseIterable, Sendable {
    case local, real

    var name: String { self == .local ? "LocalCluster" : "kube-apiserver" }
}

/// Collects the figures, and prints them in a table: a line for each figure, a column for each API server.
final class Report: Sendable {
    private struct Row {
        var name: String
        var cells: [Side: String] = [:]
        var limit: String?
        var isOver = false
    }

    private let rows = Locked<[Row]>([])
    private let failed = Locked(false)

    /// Whether a figure is so bad that the run fails.
    var hasFailed: Bool { failed.withLock { $0 } }

    /// Has the run fail.
    func fail() { failed.withLock { $0 = true } }

    /// Adds a figure. A limit is a goal of the project; `isOver` marks a figure that misses it.
    func set(_ name: String, _ side: Side, _ text: String, limit: String? = nil, isOver: Bool = false) {
        Progress.say("  \(name) [\(side.name)]: \(text)")
        rows.withLock { rows in
            let index = rows.firstIndex { $0.name == name } ?? rows.endIndex
            if index == rows.endIndex { rows.append(Row(name: name)) }
            rows[index].cells[side] = isOver ? "\(text) !" : text
            rows[index].limit = limit ?? rows[index].limit
            rows[index].isOver = rows[index].isOver || isOver
        }
    }

    /// Adds a time, with an optional limit in milliseconds.
    func set(_ name: String, _ side: Side, _ time: Duration, atMost limit: Double? = nil) {
        set(
            name, side, time.text, limit: limit.map { "≤ \($0.short) ms" },
            isOver: limit.map { time.milliseconds > $0 } ?? false)
    }

    /// Adds memory, in megabytes of 1,000,000 bytes.
    func set(_ name: String, _ side: Side, megabytes: Double, atMost limit: Double? = nil) {
        set(
            name, side, "\(megabytes.short) MB", limit: limit.map { "≤ \($0.short) MB" },
            isOver: limit.map { megabytes > $0 } ?? false)
    }

    /// Adds a count, with the exact number that it should be.
    func set(_ name: String, _ side: Side, count: Double, exactly limit: Double? = nil) {
        set(name, side, count.short, limit: limit.map(\.short), isOver: limit.map { count > $0 } ?? false)
    }

    /// Adds a ratio, with an optional limit on one side.
    func set(_ name: String, _ side: Side, ratio: Double, atMost most: Double? = nil, atLeast least: Double? = nil) {
        let hundredths = (ratio * 100).rounded() / 100
        set(
            name, side, "\(hundredths)", limit: most.map { "≤ \($0.short)" } ?? least.map { "≥ \($0.short)" },
            isOver: most.map { ratio > $0 } ?? least.map { ratio < $0 } ?? false)
    }

    /// Prints the table.
    func write() {
        let rows = rows.withLock { $0 }
        let head = ["figure", Side.local.name, Side.real.name, "limit", ""]
        let lines = rows.map { row in
            [row.name, row.cells[.local] ?? "–", row.cells[.real] ?? "–", row.limit ?? "", verdict(row)]
        }
        let widths = head.indices.map { column in ([head] + lines).map { $0[column].count }.max() ?? 0 }
        for line in [head] + lines {
            var text = ""
            for (cell, width) in zip(line, widths) {
                text += cell + String(repeating: " ", count: width - cell.count + 2)
            }
            while text.last == " " { text.removeLast() }
            print(text)
        }
    }

    private func verdict(_ row: Row) -> String { row.limit == nil ? "" : row.isOver ? "OVER" : "ok" }
}

/// Prints progress to standard error.
enum Progress {
    static func say(_ text: String) {
        let bytes = Array("\(text)\n".utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }
}
