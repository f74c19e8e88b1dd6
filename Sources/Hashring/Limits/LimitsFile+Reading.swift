import Kube
public import YAML

/// A limits file as it was read, and what is wrong with it.
public struct LimitsReading: Sendable {
    /// Something about the file and where it stands.
    public struct Located: Sendable, Hashable {
        /// What it is.
        public var finding: Finding
        /// Where.
        public var position: YAMLPosition
    }

    /// The file; what could not be read is left out.
    public var file: LimitsFile
    /// What is wrong with it, in the order of the text.
    public var findings: [Located]
}

extension LimitsFile {
    /// Reads a file as Thanos does, and checks it.
    ///
    /// `environment` is what `$(NAME)` in the text stands for; `previous` is the file that receivers hold now. Throws
    /// ``YAMLError`` where the text is no YAML, names a key twice or a variable that is not set.
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
                Finding(severity: .warning, field: FieldPath(), message: "there is nothing in it: nothing is limited"))
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
                        message: "a second document: receivers read only the first; join them"), position: second))
        }
        return LimitsReading(file: file, findings: located.sorted { $0.position < $1.position })
    }
}

/// `$(NAME)` in a limits file, which receivers replace before they read it.
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
                    reason: "$(\(variable)) is not set: receivers refuse the file; set it here as for the "
                        + "receivers, or write the value")
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
