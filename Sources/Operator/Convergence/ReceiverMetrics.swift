import Kube

/// What a receiver's metrics say about its hashring file, read from the text as it comes in.
///
/// The text of a receiver with many tenants is large, and other programs may answer in its place: nothing but the line
/// in hand is kept, and both the line and the whole are bounded.
struct ReceiverMetrics: Sendable, Hashable {
    /// Why an answer says nothing.
    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    /// The longest text that is read, in bytes.
    static let mostBytes = 64 << 20
    /// The longest line of which anything is kept; those that are looked for are much shorter.
    private static let longestLine = 256

    /// `thanos_receive_config_hash`: the file that was parsed last, 0 before the first.
    private(set) var configHash: UInt64?
    /// `thanos_receive_hashrings_file_errors_total`: grows with every look at a file that is refused.
    private(set) var fileErrors: Double?
    /// `process_start_time_seconds`: tells one process from the next.
    private(set) var startTime: Double?

    private var line: [UInt8] = []
    private var count = 0

    /// How much of the text is kept.
    var keptBytes: Int { line.count }

    /// Whether everything is known that there is to know.
    var isComplete: Bool { configHash != nil && fileErrors != nil && startTime != nil }

    /// Takes the next bytes of an answer, none for its end; returns whether more are wanted.
    mutating func take(status: Int, _ bytes: [UInt8]) throws(Problem) -> Bool {
        guard status == 200 else { throw Problem(description: "answers with HTTP status \(status)") }
        count += bytes.count
        guard count <= Self.mostBytes else {
            throw Problem(description: "has more than \(Self.mostBytes) bytes of metrics")
        }
        if bytes.isEmpty { try endLine() }
        for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if part.offset > 0 { try endLine() }
            line += part.element.prefix(max(0, Self.longestLine - line.count))
        }
        if isComplete { return false }
        if bytes.isEmpty, configHash == nil {
            throw Problem(
                description: "has no metric thanos_receive_config_hash: is it Thanos Receive with a hashring file?")
        }
        return !bytes.isEmpty
    }

    private mutating func endLine() throws(Problem) {
        defer { line.removeAll(keepingCapacity: true) }
        guard let first = line.first, first == UInt8(ascii: "t") || first == UInt8(ascii: "p") else { return }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count >= 2, let value = Double(words[1]) else { return }
        switch words[0] {
        case "thanos_receive_config_hash":
            guard let hash = UInt64(exactly: value), hash < 1 << 48 else {
                throw Problem(description: "has a thanos_receive_config_hash that is no hash: \(words[1].prefix(40))")
            }
            configHash = hash
        case "thanos_receive_hashrings_file_errors_total": fileErrors = value
        case "process_start_time_seconds": startTime = value
        default: break
        }
    }
}
