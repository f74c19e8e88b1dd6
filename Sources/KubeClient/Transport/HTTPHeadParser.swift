/// Reads an answer's head from the lines that libcurl hands over, one at a time.
///
/// Interim answers (1xx) and trailers are passed over. Lines are bounded together, since a server could send them
/// without end.
struct HTTPHeadParser {
    /// What a line led to.
    enum Step: Equatable {
        case goesOn
        case complete(HTTPHead)
        /// The lines are no head, or too long a one.
        case refused(String)
    }

    /// The most bytes that all lines of one head may have.
    static let limit = 256 * 1024

    private var head: HTTPHead?
    private var isComplete = false
    private var size = 0

    /// Takes the next line, with its line break.
    mutating func take(_ bytes: UnsafeBufferPointer<UInt8>) -> Step {
        guard !isComplete else { return .goesOn }
        size += bytes.count
        guard size <= Self.limit else { return .refused("the answer's head is longer than \(Self.limit) bytes") }
        var line = bytes[...]
        while let last = line.last, last == 0x0D || last == 0x0A { line.removeLast() }
        if line.isEmpty {
            guard let head else { return .goesOn }
            if (100..<200).contains(head.status) {
                self.head = nil
                return .goesOn
            }
            isComplete = true
            return .complete(head)
        }
        guard head != nil else {
            let parts = String(decoding: line, as: UTF8.self).split(separator: " ", maxSplits: 2)
            guard parts.count >= 2, parts[0].hasPrefix("HTTP/"), let status = Int(parts[1]) else {
                return .refused("the answer does not begin as HTTP does")
            }
            head = HTTPHead(status: status)
            return .goesOn
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return .goesOn }
        let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
        var value = line[(colon + 1)...]
        while let first = value.first, first == 0x20 || first == 0x09 { value.removeFirst() }
        while let last = value.last, last == 0x20 || last == 0x09 { value.removeLast() }
        head?.headers.append(name: name, value: String(decoding: value, as: UTF8.self))
        return .goesOn
    }
}
