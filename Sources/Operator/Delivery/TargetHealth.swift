/// How many targets an agent cannot scrape, counted in its answer about targets as it comes in.
///
/// In the JSON of `/api/v1/targets` a quote within a value is escaped, so this text is a member of a target and nothing else.
struct TargetHealth: PodMetrics, Hashable {
    /// The page of an agent's web server.
    static let page = "/api/v1/targets?state=active"
    /// For how many targets the page is asked for: it has a kilobyte or two for each.
    static let mostTargets = 1000
    private static let mostBytes = 8 << 20
    private static let down = Array(#""health":"down""#.utf8)

    /// How many are down.
    private(set) var count = 0
    private var bytes = 0
    /// How many bytes of the text are read.
    private var matched = 0

    mutating func take(status: Int, _ bytes: [UInt8]) throws(Problem) -> Bool {
        guard status == 200 else { throw Problem(description: "answers with HTTP status \(status)") }
        self.bytes += bytes.count
        guard self.bytes <= Self.mostBytes else { throw Problem(description: "is too long") }
        for byte in bytes {
            // Of the beginnings of the text, only the quote can begin within it.
            if byte == Self.down[matched] { matched += 1 } else { matched = byte == Self.down[0] ? 1 : 0 }
            guard matched == Self.down.count else { continue }
            count += 1
            matched = 0
        }
        return !bytes.isEmpty
    }
}
