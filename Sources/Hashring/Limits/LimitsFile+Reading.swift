import Kube
public import YAML

/// The result of reading a limits file: the file and the findings.
public struct LimitsReading: Sendable {
    /// A finding and its position.
    public struct Located: Sendable, Hashable {
        /// The finding.
        public var finding: Finding
        /// Its position.
        public var position: YAMLPosition
    }

    /// The file; what could not be read is omitted.
    public var file: LimitsFile
    /// The findings, in the order of the text.
    public var findings: [Located]
}

extension LimitsFile {
    /// Reads a file as Thanos does, and checks it.
    ///
    /// `environment` has the values of `$(NAME)` in the text; `previous` is the file that receivers use now. Throws
    /// ``YAMLError`` if the text is not YAML, has a key twice or names a variable that is not set.
    public static func read(
        _ bytes: [UInt8], environment: [String: String] = [:], previous: LimitsFile? = nil
    ) throws(YAMLError) -> LimitsReading {
        var limits = YAMLLimits()
        limits.maximumBytes = 16 << 20
        let bytes = try LimitsVariables.expand(bytes, environment)
        let documents = try YAML.parse(bytes, limits: limits)
        var reader = LimitsReader(text: bytes, document: documents.first ?? YAMLDocument(.null))
        let file = reader.read()
        var findings = reader.findings + file.validate(previous: previous)
        if documents.isEmpty {
            findings.append(
                Finding(severity: .warning, field: FieldPath(), message: "the file is empty: nothing is limited"))
        }
        let start = YAMLPosition(line: 1, column: 1)
        var located = findings.map { finding in
            LimitsReading.Located(
                finding: finding, position: documents.first?.position(of: finding.field) ?? start)
        }
        if documents.count > 1, let second = documents[1].start {
            located.append(
                LimitsReading.Located(
                    finding: Finding(
                        severity: .warning, field: FieldPath(),
                        message: "a second document: receivers read only the first; merge them"), position: second))
        }
        return LimitsReading(file: file, findings: located.sorted { $0.position < $1.position })
    }
}

/// Variables, `$(NAME)`, in a limits file: receivers replace them before they parse it.
enum LimitsVariables {
    static func expand(_ bytes: [UInt8], _ environment: [String: String]) throws(YAMLError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var position = 0
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "$"), let name = name(bytes, after: position) else {
                result.append(bytes[position])
                position += 1
                continue
            }
            let variable = String(decoding: bytes[name], as: UTF8.self)
            guard let value = environment[variable] else {
                let before = bytes[..<position]
                let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
                throw YAMLError(
                    position: YAMLPosition(
                        line: before.count { $0 == UInt8(ascii: "\n") } + 1,
                        column: before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1),
                    reason: "$(\(variable)) is not set: receivers refuse the file; set it in "
                        + "this environment, too, or write the value")
            }
            result += value.utf8
            position = name.upperBound + 1
        }
        return result
    }

    /// The name between `$(` and `)`.
    private static func name(_ bytes: [UInt8], after dollar: Int) -> Range<Int>? {
        let start = dollar + 2
        guard start < bytes.count, bytes[dollar + 1] == UInt8(ascii: "(") else { return nil }
        var end = start
        while end < bytes.count, isNamePart(bytes[end]) { end += 1 }
        return end > start && end < bytes.count && bytes[end] == UInt8(ascii: ")") ? start..<end : nil
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
