/// Reads the head of a response from the lines that libcurl provides.
///
/// Interim responses (1xx) and trailers are skipped. The lines have a common limit, because a server could send them
/// endlessly.
struct HTTPHeadParser {
    /// The result of a line.
    enum Step: Equatable {
        case goesOn
        case complete(HTTPHead)
        /// The lines are not a head, or exceed the limit.
        case refused(String)
    }

    /// The most bytes of all lines of a head.
    static let limit = 256 * 1024

    private var head: HTTPHead?
    private var isComplete = false
    private var size = 0

    /// Reads the next line with its line break.
    mutating func take(_ bytes: UnsafeBufferPointer<UInt8>) -> Step {
        guard !isComplete else { return .goesOn }
        size += bytes.count
        guard size <= Self.limit else { return .refused("the head of the response is longer than \(Self.limit) bytes") }
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
                return .refused("the response does not start like HTTP")
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
