import Logging

/// A log record, ready to be written.
struct LogRecord {
    var level: String
    var time: String
    var logger: String
    var message: String
    var metadata: [(key: String, value: Logger.MetadataValue)]

    private static let ownKeys: Set<String> = ["level", "ts", "logger", "msg"]

    /// A metadata key, with `_` appended if it would collide with a key of the record itself.
    private func distinct(_ key: String) -> String { Self.ownKeys.contains(key) ? key + "_" : key }

    // MARK: JSON

    func writeJSON(to line: inout [UInt8]) {
        line.append(UInt8(ascii: "{"))
        let own = [("level", level), ("ts", time), ("logger", logger), ("msg", message)]
        for (index, (key, value)) in own.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            Self.writeJSON(key, to: &line)
            line.append(UInt8(ascii: ":"))
            Self.writeJSON(value, to: &line)
        }
        for (key, value) in metadata {
            line.append(UInt8(ascii: ","))
            Self.writeJSON(distinct(key), to: &line)
            line.append(UInt8(ascii: ":"))
            Self.writeJSON(value, to: &line)
        }
        line.append(UInt8(ascii: "}"))
    }

    private static func writeJSON(_ value: Logger.MetadataValue, to line: inout [UInt8]) {
        switch value {
        case .string(let text): writeJSON(text, to: &line)
        case .stringConvertible(let value as Bool): line.append(contentsOf: value.description.utf8)
        case .stringConvertible(let value as any FixedWidthInteger): line.append(contentsOf: "\(value)".utf8)
        case .stringConvertible(let value as Double) where value.isFinite:
            line.append(contentsOf: value.description.utf8)
        case .stringConvertible(let value): writeJSON(value.description, to: &line)
        case .array(let values):
            line.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                writeJSON(value, to: &line)
            }
            line.append(UInt8(ascii: "]"))
        case .dictionary(let members):
            line.append(UInt8(ascii: "{"))
            for (index, (key, value)) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                writeJSON(key, to: &line)
                line.append(UInt8(ascii: ":"))
                writeJSON(value, to: &line)
            }
            line.append(UInt8(ascii: "}"))
        }
    }

    private static func writeJSON(_ text: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        writeEscaped(text, to: &line)
        line.append(UInt8(ascii: "\""))
    }

    // MARK: logfmt

    func writeLogfmt(to line: inout [UInt8]) {
        let own = [("ts", time), ("level", level), ("logger", logger), ("msg", message)]
        for (index, (key, value)) in own.enumerated() {
            if index > 0 { line.append(UInt8(ascii: " ")) }
            line.append(contentsOf: "\(key)=".utf8)
            Self.writeLogfmt(value, to: &line)
        }
        for (key, value) in metadata {
            line.append(UInt8(ascii: " "))
            // Keys cannot be quoted, so characters that would end a key are replaced.
            line.append(contentsOf: distinct(key).utf8.map { Self.isPlain($0) ? $0 : UInt8(ascii: "_") })
            line.append(UInt8(ascii: "="))
            Self.writeLogfmt(Self.text(value), to: &line)
        }
    }

    private static func writeLogfmt(_ text: String, to line: inout [UInt8]) {
        if !text.isEmpty, text.utf8.allSatisfy(isPlain) {
            line.append(contentsOf: text.utf8)
        } else {
            writeJSON(text, to: &line)
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != 0x7F && byte != UInt8(ascii: "=") && byte != UInt8(ascii: "\"")
            && byte != UInt8(ascii: "\\")
    }

    /// A value as text; lists and maps as JSON.
    private static func text(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): return text
        case .stringConvertible(let value): return value.description
        case .array, .dictionary:
            var bytes: [UInt8] = []
            writeJSON(value, to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    // MARK: Escapes

    /// Writes text with JSON escapes, so that control characters never reach a terminal and lines never break.
    private static func writeEscaped(_ text: String, to line: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): line.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case UInt8(ascii: "\n"): line.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\r"): line.append(contentsOf: "\\r".utf8)
            case UInt8(ascii: "\t"): line.append(contentsOf: "\\t".utf8)
            case 0..<0x20, 0x7F:
                let digits = String(byte, radix: 16)
                line.append(contentsOf: "\\u00\(digits.count == 1 ? "0" : "")\(digits)".utf8)
            default: line.append(byte)
            }
        }
    }
}
