import YAML

/// A text that is a string in a YAML or JSON file, as in a ConfigMap's `data`. It maps positions in the text to positions
/// in the file.
struct EmbeddedText {
    private enum Style {
        /// The text's lines are lines of the file, from `line` on, after some indentation.
        case block(line: Int, indentation: Int)
        /// The text is on one line of the file. Each of its characters has a column there.
        case quoted(line: Int, columns: [Int])
    }

    private let style: Style
    private let lineStarts: [Int]

    /// Finds the value of the key at a position of a file. Nil where the value does not have the text's lines verbatim, as
    /// in a folded block.
    init?(_ text: String, key: YAMLPosition, in file: [UInt8]) {
        let scalars = Array(text.unicodeScalars)
        lineStarts = [0] + scalars.indices.filter { scalars[$0] == "\n" }.map { $0 + 1 }
        var lines = file.split(
            separator: UInt8(ascii: "\n"), maxSplits: key.line - 1 + 2000, omittingEmptySubsequences: false
        ).dropFirst(key.line - 1).makeIterator()
        guard let first = lines.next() else { return nil }
        let line = Array(String(decoding: first, as: UTF8.self).unicodeScalars)
        guard let start = Self.value(in: line, from: key.column - 1) else { return nil }
        switch line[start] {
        case "|":
            guard let indentation = Self.indentation(of: scalars, &lines) else { return nil }
            style = .block(line: key.line + 1, indentation: indentation)
        case "\"":
            guard let columns = Self.doubleQuoted(line, start), columns.text == scalars else { return nil }
            style = .quoted(line: key.line, columns: columns.columns)
        case "'":
            guard let columns = Self.singleQuoted(line, start), columns.text == scalars else { return nil }
            style = .quoted(line: key.line, columns: columns.columns)
        default:
            guard line.count - start >= scalars.count, Array(line[start..<(start + scalars.count)]) == scalars else {
                return nil
            }
            style = .quoted(line: key.line, columns: Array(start..<(start + scalars.count)))
        }
    }

    /// The position in the file of a line and a column of the text, both from 1.
    func position(line: Int, column: Int) -> YAMLPosition {
        switch style {
        case .block(let first, let indentation):
            return YAMLPosition(line: first + line - 1, column: column + indentation)
        case .quoted(let own, let columns):
            let offset = lineStarts[min(max(line, 1), lineStarts.count) - 1] + column - 1
            guard let last = columns.last else { return YAMLPosition(line: own, column: 1) }
            return YAMLPosition(line: own, column: (columns.indices.contains(offset) ? columns[offset] : last) + 1)
        }
    }

    // MARK: - Finding the value

    /// The index in the line at which the value of a key begins.
    private static func value(in line: [Unicode.Scalar], from key: Int) -> Int? {
        guard line.indices.contains(key) else { return nil }
        var index = key
        if line[key] == "\"" || line[key] == "'" {
            let quoted = line[key] == "'" ? singleQuoted(line, key) : doubleQuoted(line, key)
            guard let quoted else { return nil }
            index = quoted.end
        }
        while index < line.count,
            line[index] != ":" || (index + 1 < line.count && !" \t\"'".unicodeScalars.contains(line[index + 1]))
        {
            index += 1
        }
        index += 1
        while index < line.count, line[index] == " " || line[index] == "\t" { index += 1 }
        return index < line.count ? index : nil
    }

    /// The indentation of a block, if its first line that is not empty is that of the text.
    private static func indentation(
        of text: [Unicode.Scalar], _ lines: inout IndexingIterator<ArraySlice<ArraySlice<UInt8>>>
    ) -> Int? {
        for expected in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard let raw = lines.next() else { return nil }
            guard !expected.isEmpty else { continue }
            var line = Array(String(decoding: raw, as: UTF8.self).unicodeScalars)
            if line.last == "\r", expected.last != "\r" { line.removeLast() }
            guard line.count >= expected.count, line.suffix(expected.count).elementsEqual(expected) else { return nil }
            let indentation = line.count - expected.count
            return line.prefix(indentation).allSatisfy { $0 == " " } ? indentation : nil
        }
        return nil
    }

    // MARK: - Quotes

    private struct Quoted {
        var text: [Unicode.Scalar] = []
        var columns: [Int] = []
        /// The index after the closing quote.
        var end = 0
    }

    private static func singleQuoted(_ line: [Unicode.Scalar], _ start: Int) -> Quoted? {
        var result = Quoted()
        var index = start + 1
        while index < line.count {
            if line[index] == "'" {
                guard index + 1 < line.count, line[index + 1] == "'" else {
                    result.end = index + 1
                    return result
                }
            }
            result.text.append(line[index])
            result.columns.append(index)
            index += line[index] == "'" ? 2 : 1
        }
        return nil
    }

    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "n": "\n", "t": "\t", "r": "\r", "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", " ": " ",
    ]

    private static func doubleQuoted(_ line: [Unicode.Scalar], _ start: Int) -> Quoted? {
        var result = Quoted()
        var index = start + 1
        while index < line.count, line[index] != "\"" {
            result.columns.append(index)
            guard line[index] == "\\" else {
                result.text.append(line[index])
                index += 1
                continue
            }
            guard index + 1 < line.count else { return nil }
            if let plain = escapes[line[index + 1]] {
                result.text.append(plain)
                index += 2
            } else if line[index + 1] == "u", let unit = hexadecimal(line, index + 2) {
                index += 6
                if let scalar = Unicode.Scalar(unit) {
                    result.text.append(scalar)
                } else if index + 1 < line.count, line[index] == "\\", line[index + 1] == "u",
                    let low = hexadecimal(line, index + 2), (0xD800..<0xDC00).contains(unit),
                    (0xDC00..<0xE000).contains(low),
                    let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
                {
                    result.text.append(scalar)
                    index += 6
                } else {
                    return nil
                }
            } else {
                return nil
            }
        }
        guard index < line.count else { return nil }
        result.end = index + 1
        return result
    }

    private static func hexadecimal(_ line: [Unicode.Scalar], _ start: Int) -> UInt32? {
        guard start + 4 <= line.count else { return nil }
        return UInt32(String(String.UnicodeScalarView(line[start..<(start + 4)])), radix: 16)
    }
}
