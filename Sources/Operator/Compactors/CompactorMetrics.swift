/// What a Compactor's metrics say about it, read from the text as it comes in.
struct CompactorMetrics: PodMetrics, Hashable {
    /// `thanos_compact_halted`: whether it has found blocks that it cannot compact, and waits for a person.
    private(set) var isHalted: Bool?

    /// The line that is looked for is much shorter.
    private var text = MetricsText(longestLine: 256)

    mutating func take(status: Int, _ bytes: [UInt8]) throws(Problem) -> Bool {
        for line in try text.take(status: status, bytes) { note(line) }
        guard isHalted == nil else { return false }
        if bytes.isEmpty { throw Problem(description: "has no metric thanos_compact_halted: is it Thanos Compact?") }
        return true
    }

    private mutating func note(_ line: [UInt8]) {
        guard line.first == UInt8(ascii: "t") else { return }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count >= 2, words[0] == "thanos_compact_halted", let value = Double(words[1]) else { return }
        isHalted = value != 0
    }
}
