public import Kube

/// The positions of the fields in the text of a hashring file.
public struct HashringPositions: Sendable {
    private indirect enum Mark {
        case scalar(Int)
        case list(Int, [Mark])
        case object(Int, [(key: String, offset: Int, value: Mark)])

        var offset: Int {
            switch self {
            case .scalar(let offset), .list(let offset, _), .object(let offset, _): offset
            }
        }
    }

    private let lineStarts: [Int]
    private let bytes: [UInt8]
    private let root: Mark?

    /// Reads the positions in a text. Text that is not JSON has only lines.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        lineStarts = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        // The scanner below relies on valid JSON.
        guard (try? JSON(parsing: bytes)) != nil else {
            root = nil
            return
        }
        var scanner = Scanner(bytes: bytes)
        root = scanner.mark()
    }

    /// The line and the character in it, both from 1, after this number of bytes.
    public func position(ofByte offset: Int) -> (line: Int, column: Int) {
        var (low, high) = (0, lineStarts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let line = bytes[lineStarts[low]..<max(lineStarts[low], min(offset, bytes.count))]
        return (low + 1, line.count { $0 & 0xC0 != 0x80 } + 1)
    }

    /// The line and the character of a field: a member at its name, an element at its start. For a field that does not
    /// exist it is the position of the nearest field around it.
    public func position(of field: FieldPath) -> (line: Int, column: Int) {
        guard var mark = root else { return (1, 1) }
        var offset = mark.offset
        for step in field.steps {
            switch (step, mark) {
            case (.index(let index), .list(_, let elements)) where elements.indices.contains(index):
                mark = elements[index]
                offset = mark.offset
            case (.key(let key), .object(_, let members)):
                let folded = GoObjectReader.folded(key)
                let member =
                    members.last { $0.key == key } ?? members.last { GoObjectReader.folded($0.key) == folded }
                guard let member else { return position(ofByte: offset) }
                (offset, mark) = (member.offset, member.value)
            default: return position(ofByte: offset)
            }
        }
        return position(ofByte: offset)
    }

    /// Scans text that is known to be JSON.
    private struct Scanner {
        let bytes: [UInt8]
        var position = 0

        mutating func mark() -> Mark {
            skipBlanks()
            let start = position
            switch bytes[position] {
            case UInt8(ascii: "["):
                position += 1
                var elements: [Mark] = []
                while !ends(with: UInt8(ascii: "]")) { elements.append(mark()) }
                return .list(start, elements)
            case UInt8(ascii: "{"):
                position += 1
                var members: [(key: String, offset: Int, value: Mark)] = []
                while !ends(with: UInt8(ascii: "}")) {
                    let offset = position
                    let key = string()
                    skipBlanks()
                    position += 1
                    members.append((key, offset, mark()))
                }
                return .object(start, members)
            case UInt8(ascii: "\""): _ = string()
            default: while position < bytes.count, !",]}: \t\r\n".utf8.contains(bytes[position]) { position += 1 }
            }
            return .scalar(start)
        }

        /// Whether the list or object ends here; skips commas.
        private mutating func ends(with end: UInt8) -> Bool {
            skipBlanks()
            if bytes[position] == UInt8(ascii: ",") { position += 1 }
            skipBlanks()
            guard bytes[position] == end else { return false }
            position += 1
            return true
        }

        private mutating func skipBlanks() {
            while position < bytes.count, " \t\r\n".utf8.contains(bytes[position]) { position += 1 }
        }

        /// The text of a string. The parser reads those with escapes.
        private mutating func string() -> String {
            let start = position
            var hasEscape = false
            position += 1
            while bytes[position] != UInt8(ascii: "\"") {
                if bytes[position] == UInt8(ascii: "\\") {
                    hasEscape = true
                    position += 1
                }
                position += 1
            }
            position += 1
            if hasEscape { return (try? JSON(parsing: bytes[start..<position]))?.string ?? "" }
            return String(decoding: bytes[(start + 1)..<(position - 1)], as: UTF8.self)
        }
    }
}
