import Hashring
import PrometheusConfig
import YAML

extension InputFile {
    /// The kinds of files that ``Lint`` checks.
    enum Kind {
        case hashrings, limits, manifests, prometheus
    }

    /// What the file is: its content tells, and where that is ambiguous its name.
    func kind() throws(CommandFailure) -> Kind {
        do throws(YAMLError) {
            return try detectKind()
        } catch {
            throw CommandFailure(error, in: name)
        }
    }

    /// The file read as a limits file, with its findings.
    func limits(
        environment: [String: String], previous: LimitsFile? = nil
    ) throws(CommandFailure) -> LimitsReading {
        try checkSize(asA: "limits file")
        do throws(YAMLError) {
            return try LimitsFile.read(bytes, environment: environment, previous: previous)
        } catch {
            throw CommandFailure(error, in: name)
        }
    }

    private func detectKind() throws(YAMLError) -> Kind {
        if let fault = encodingFault { throw fault }
        let isJSON = name.hasSuffix(".json")
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let content = bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes[...]
        let first = content.prefix(1 << 16).first { !" \t\r\n".utf8.contains($0) }
        if first == UInt8(ascii: "[") || (isJSON && first != UInt8(ascii: "{")) { return .hashrings }
        guard bytes.count <= Self.maximumThanosBytes else {
            // Only manifests are that large. Anything else is not parsed to find out what it is.
            if Self.beginsAsManifest(content.prefix(4096)) { return .manifests }
            throw YAMLError(
                position: YAMLPosition(line: 1, column: 1),
                reason: "has \(bytes.count) bytes and does not begin as a manifest; a limits file may have at most "
                    + "\(Self.maximumThanosBytes >> 20) MiB")
        }
        let documents: [YAMLDocument]
        do throws(YAMLError) {
            documents = try YAML.parse(bytes, file: name)
        } catch {
            guard isJSON, !mentionsKind else { throw error }
            return .hashrings
        }
        if documents.contains(where: { $0.value["apiVersion"] != nil || $0.value["kind"] != nil }) { return .manifests }
        if documents.contains(where: { ConfigurationFileChecks.isConfiguration($0.value) }) { return .prometheus }
        return isJSON ? .hashrings : .limits
    }

    /// Whether one of the first lines has the key `apiVersion` or `kind`.
    private static func beginsAsManifest(_ beginning: ArraySlice<UInt8>) -> Bool {
        String(decoding: beginning, as: UTF8.self).split(whereSeparator: { "\n{,".contains($0) }).contains { line in
            let word = line.drop { " \t\"".contains($0) }
            return word.hasPrefix("apiVersion") || word.hasPrefix("kind:") || word.hasPrefix("kind\"")
        }
    }

    private var mentionsKind: Bool {
        String(decoding: bytes.prefix(4096), as: UTF8.self).contains("\"apiVersion\"")
    }

    /// Why the file cannot be text in UTF-8; nil where it can.
    private var encodingFault: YAMLError? {
        func fault(_ offset: Int, _ reason: String) -> YAMLError {
            let before = bytes[..<offset]
            let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            let line = before.count { $0 == UInt8(ascii: "\n") } + 1
            return YAMLError(position: YAMLPosition(line: line, column: offset - start + 1), reason: reason)
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return fault(0, "found UTF-16 text, which Thanos does not read; save it as UTF-8")
        }
        return bytes.firstIndex(of: 0).map { fault($0, "found a zero byte, expected text in UTF-8") }
    }
}
