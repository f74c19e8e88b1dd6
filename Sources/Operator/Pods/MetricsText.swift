/// The metrics of a program in a pod, passed on line by line as they come in.
///
/// The text may be large, and another program may answer. So only the present line is kept, and both the line and the whole
/// text are bounded.
struct MetricsText: Sendable, Hashable {
    /// Why an answer cannot be used.
    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    /// The longest text that is read, in bytes.
    static let mostBytes = 64 << 20

    /// The longest line in bytes; only the beginning of a longer one is kept.
    let longestLine: Int
    private var line: [UInt8] = []
    private var count = 0

    init(longestLine: Int) { self.longestLine = longestLine }

    /// How much of the text is kept.
    var keptBytes: Int { line.count }

    /// Takes the next bytes of an answer, none for its end; returns the lines that they end.
    mutating func take(status: Int, _ bytes: [UInt8]) throws(Problem) -> [[UInt8]] {
        guard status == 200 else { throw Problem(description: "answers with HTTP status \(status)") }
        count += bytes.count
        guard count <= Self.mostBytes else {
            throw Problem(description: "has more than \(Self.mostBytes) bytes of metrics")
        }
        var lines: [[UInt8]] = []
        func end() {
            lines.append(line)
            line.removeAll(keepingCapacity: true)
        }
        if bytes.isEmpty { end() }
        for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if part.offset > 0 { end() }
            line += part.element.prefix(max(0, longestLine - line.count))
        }
        return lines
    }
}
