/// How many targets an agent cannot scrape, counted in its answer about targets as it comes in.
///
/// In the JSON of `/api/v1/targets` a quote within a value is escaped, so that the text is a member and not part of a value. A
/// label may have that name and value too, so only members of the targets themselves count.
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
    /// How many objects and lists are open, and where in a string the text is.
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// Of the members of a target: the answer, its data and the list of targets are around it.
    private static let targetDepth = 4

    mutating func take(status: Int, _ bytes: [UInt8]) throws(Problem) -> Bool {
        guard status == 200 else { throw Problem(description: "answers with HTTP status \(status)") }
        self.bytes += bytes.count
        guard self.bytes <= Self.mostBytes else { throw Problem(description: "is too long") }
        for byte in bytes {
            follow(byte)
            // Of the beginnings of the text, only the quote can begin within it.
            if byte == Self.down[matched] { matched += 1 } else { matched = byte == Self.down[0] ? 1 : 0 }
            guard matched == Self.down.count else { continue }
            if depth == Self.targetDepth { count += 1 }
            matched = 0
        }
        return !bytes.isEmpty
    }

    private mutating func follow(_ byte: UInt8) {
        switch (isInString, byte) {
        case (true, _) where isEscaped: isEscaped = false
        case (true, UInt8(ascii: "\\")): isEscaped = true
        case (_, UInt8(ascii: "\"")): isInString.toggle()
        case (true, _): break
        case (false, UInt8(ascii: "{")), (false, UInt8(ascii: "[")): depth += 1
        case (false, UInt8(ascii: "}")), (false, UInt8(ascii: "]")): depth -= 1
        default: break
        }
    }
}
