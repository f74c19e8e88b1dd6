/// What a receiver's metrics say about its hashring file, read from the text as it comes in.
///
/// The metrics of a receiver with many tenants are large: reading ends as soon as everything is found.
struct ReceiverMetrics: PodMetrics, Hashable {
    /// `thanos_receive_config_hash`: the file that was parsed last, 0 before the first.
    private(set) var configHash: UInt64?
    /// `thanos_receive_hashrings_file_errors_total`: grows whenever Thanos reads a file and refuses it.
    private(set) var fileErrors: Double?
    /// `process_start_time_seconds`: differs between a process and the next one.
    private(set) var startTime: Double?

    /// The lines that are looked for are much shorter.
    private var text = MetricsText(longestLine: 256)

    /// How much of the text is kept.
    var keptBytes: Int { text.keptBytes }

    /// Whether everything is found.
    var isComplete: Bool { configHash != nil && fileErrors != nil && startTime != nil }

    mutating func take(status: Int, _ bytes: [UInt8]) throws(Problem) -> Bool {
        for line in try text.take(status: status, bytes) { try note(line) }
        if isComplete { return false }
        if bytes.isEmpty, configHash == nil {
            throw Problem(
                description: "has no metric thanos_receive_config_hash: is it Thanos Receive with a hashring file?")
        }
        return !bytes.isEmpty
    }

    private mutating func note(_ line: [UInt8]) throws(Problem) {
        guard let first = line.first, first == UInt8(ascii: "t") || first == UInt8(ascii: "p") else { return }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count >= 2, let value = Double(words[1]) else { return }
        switch words[0] {
        case "thanos_receive_config_hash":
            guard let hash = UInt64(exactly: value), hash < 1 << 48 else {
                throw Problem(description: "has an invalid thanos_receive_config_hash: \(words[1].prefix(40))")
            }
            configHash = hash
        case "thanos_receive_hashrings_file_errors_total": fileErrors = value
        case "process_start_time_seconds": startTime = value
        default: break
        }
    }
}
