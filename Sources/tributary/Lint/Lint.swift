import Hashring
import Kube
import Planning
import PlanningInput
import YAML

/// Checks files of every kind that Tributary knows; gathers a line for each finding.
struct Lint {
    var replicationFactor: Int
    var algorithm: Algorithm
    var environment: [String: String]
    /// The addresses of routers that run without `--receive.local-endpoint`.
    var routers: Set<String>

    /// The lines, each `file:line:column: error|warning: what, and what to do`.
    private(set) var lines: [String] = []
    private(set) var hasErrors = false

    private var manifests: [(name: String, bytes: [UInt8])] = []
    private var previousRings: String?
    private var previousLimits: LimitsFile?

    /// So many findings in one file are told; more help nobody.
    static let maximumFindings = 200

    init(
        replicationFactor: Int, algorithm: Algorithm, environment: [String: String], routers: Set<String> = []
    ) {
        self.replicationFactor = replicationFactor
        self.algorithm = algorithm
        self.environment = environment
        self.routers = routers
    }

    /// What a file is.
    private enum Kind {
        case hashrings, limits, manifests
    }

    /// Goes by the content, and where that does not tell by the name.
    private func kind(of file: InputFile) throws(YAMLError) -> Kind {
        if let fault = file.encodingFault { throw fault }
        let isJSON = file.name.hasSuffix(".json")
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let content = file.bytes.starts(with: mark) ? file.bytes.dropFirst(3) : file.bytes[...]
        let first = content.prefix(1 << 16).first { !" \t\r\n".utf8.contains($0) }
        if first == UInt8(ascii: "[") || (isJSON && first != UInt8(ascii: "{")) { return .hashrings }
        guard file.bytes.count <= InputFile.maximumThanosBytes else {
            // Only manifests are that large, and nothing else is worth reading for what it might be.
            if Self.beginsAsManifest(content.prefix(4096)) { return .manifests }
            throw YAMLError(
                position: YAMLPosition(line: 1, column: 1),
                reason: "has \(file.bytes.count) bytes, more than the \(InputFile.maximumThanosBytes >> 20) MiB that a "
                    + "limits file may have, and does not begin as a manifest does")
        }
        let documents: [YAMLDocument]
        do throws(YAMLError) {
            documents = try YAML.parse(file.bytes, file: file.name)
        } catch {
            guard isJSON, !Self.mentionsKind(file.bytes) else { throw error }
            return .hashrings
        }
        if documents.contains(where: { $0.value["apiVersion"] != nil || $0.value["kind"] != nil }) { return .manifests }
        return isJSON ? .hashrings : .limits
    }

    /// Whether one of the first lines names a kind or its version.
    private static func beginsAsManifest(_ beginning: ArraySlice<UInt8>) -> Bool {
        String(decoding: beginning, as: UTF8.self).split(whereSeparator: { "\n{,".contains($0) }).contains { line in
            let word = line.drop { " \t\"".contains($0) }
            return word.hasPrefix("apiVersion") || word.hasPrefix("kind:") || word.hasPrefix("kind\"")
        }
    }

    private static func mentionsKind(_ bytes: [UInt8]) -> Bool {
        String(decoding: bytes.prefix(4096), as: UTF8.self).contains("\"apiVersion\"")
    }

    // MARK: - Files

    /// Takes the file that receivers hold now.
    mutating func takePrevious(_ file: InputFile) {
        do {
            switch try kind(of: file) {
            case .hashrings:
                _ = try file.hashrings()
                previousRings = String(decoding: file.bytes, as: UTF8.self)
            case .limits: previousLimits = try LimitsFile.read(file.bytes, environment: environment).file
            case .manifests: add("\(file.name):1:1: error: expected a hashring or limits file, found manifests", .error)
            }
        } catch let error as InputFile.Failure {
            add(error.line, .error)
        } catch {
            refuse(file, error as? YAMLError)
        }
    }

    /// Checks a file; manifests are checked together, by ``finish()``.
    mutating func check(_ file: InputFile) {
        do throws(YAMLError) {
            switch try kind(of: file) {
            case .hashrings: checkHashrings(file)
            case .limits: try checkLimits(file)
            case .manifests: manifests.append((file.name, file.bytes))
            }
        } catch {
            refuse(file, error)
        }
    }

    private mutating func refuse(_ file: InputFile, _ error: YAMLError?) {
        let position = error.map { "\($0.position)" } ?? "1:1"
        add("\(file.name):\(position): error: \(error?.reason ?? "it cannot be read")", .error)
    }

    private mutating func checkHashrings(_ file: InputFile) {
        do throws(InputFile.Failure) {
            let rings = try file.hashrings()
            let positions = HashringPositions(file.bytes)
            add(findings(rings, String(decoding: file.bytes, as: UTF8.self), previousRings), file.name) { finding in
                let position = positions.position(of: finding.field)
                return YAMLPosition(line: position.line, column: position.column)
            }
        } catch {
            add(error.line, .error)
        }
    }

    private func findings(_ rings: HashringFile, _ text: String, _ previous: String?) -> [Finding] {
        rings.validate(
            replicationFactor: replicationFactor, defaultAlgorithm: algorithm, previous: previous, text: text,
            routers: routers)
    }

    private mutating func checkLimits(_ file: InputFile) throws(YAMLError) {
        guard file.bytes.count <= InputFile.maximumThanosBytes else {
            add(
                "\(file.name):1:1: error: has \(file.bytes.count) bytes, more than the "
                    + "\(InputFile.maximumThanosBytes >> 20) MiB that a limits file may have", .error)
            return
        }
        let reading = try LimitsFile.read(file.bytes, environment: environment, previous: previousLimits)
        let positions = Dictionary(
            reading.findings.map { ($0.finding, $0.position) }, uniquingKeysWith: { first, _ in first })
        add(reading.findings.map(\.finding), file.name) { positions[$0] ?? YAMLPosition(line: 1, column: 1) }
    }

    /// Checks the manifests of all files together, as `render` takes them.
    mutating func finish() {
        guard !manifests.isEmpty else { return }
        let manifests = Manifests(manifests)
        for problem in manifests.problems { add(problem, .error) }
        var refused: [String] = []
        withoutActuallyEscaping({ refused.append($0) }) { report in
            var offline = OfflineSnapshot(report: report)
            offline.add(manifests)
            for line in refused { add(line, .error) }
            for (line, isError) in offline.findings(of: Planner(offline.snapshot).plan()) {
                add(line, isError ? .error : .warning)
            }
        }
        let sources = Dictionary(self.manifests.map { ($0.name, $0.bytes) }) { first, _ in first }
        let sent = SentTenants.all(in: manifests.entries)
        for entry in manifests.entries {
            for file in EmbeddedFile.all(in: entry, source: sources[entry.file] ?? []) { check(file, sent: sent) }
        }
    }

    /// Checks a file inside a ConfigMap; what is found stands where it is in the manifest.
    private mutating func check(_ file: EmbeddedFile, sent: [String]) {
        let bytes = Array(file.text.utf8)
        switch file.kind {
        case .hashrings:
            let positions = HashringPositions(bytes)
            do throws(HashringFileError) {
                let rings = try HashringFile(parsing: bytes)
                let found =
                    rings.findings(inConfigMap: findings(rings, file.text, nil)) + rings.findings(sent: sent)
                add(found) { finding in
                    let position = positions.position(of: finding.field)
                    return YAMLPosition(line: position.line, column: position.column)
                } line: {
                    file.location($0)
                }
            } catch {
                let (position, text) = error.located(in: positions)
                add("\(file.location(position)): error: \(text): receivers refuse the file or misread it", .error)
            }
        case .limits:
            do throws(YAMLError) {
                let reading = try LimitsFile.read(bytes, environment: environment)
                let positions = Dictionary(
                    reading.findings.map { ($0.finding, $0.position) }, uniquingKeysWith: { first, _ in first })
                add(reading.findings.map(\.finding)) {
                    positions[$0] ?? YAMLPosition(line: 1, column: 1)
                } line: {
                    file.location($0)
                }
            } catch {
                add("\(file.location(error.position)): error: \(error.reason)", .error)
            }
        }
    }

    // MARK: - Lines

    /// Tells findings of a file.
    private mutating func add(_ findings: [Finding], _ file: String, position: (Finding) -> YAMLPosition) {
        add(findings, position: position) { "\(file):\($0)" }
    }

    /// Tells findings in the order of the text; where there are too many, the places of the rest are not looked for.
    private mutating func add(
        _ findings: [Finding], position: (Finding) -> YAMLPosition, line location: (YAMLPosition) -> String
    ) {
        let placed = findings.prefix(Self.maximumFindings).map { (position: position($0), finding: $0) }
        for (position, finding) in placed.sorted(by: { $0.position < $1.position }) {
            add("\(location(position)): \(finding.severity.rawValue): \(finding)", finding.severity)
        }
        let rest = findings.dropFirst(Self.maximumFindings)
        guard let worst = rest.map(\.severity).max() else { return }
        let start = location(YAMLPosition(line: 1, column: 1))
        add("\(start): \(worst.rawValue): \(rest.count) more findings are not told; mend these first", worst)
    }

    private mutating func add(_ line: String, _ severity: Finding.Severity) {
        if severity == .error { hasErrors = true }
        lines.append(Self.printable(line))
    }

    /// A line of bounded length without control characters, which could play tricks on a terminal.
    static func printable(_ line: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in line.unicodeScalars.prefix(1000) {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            result.append(isControl ? "\u{FFFD}" : scalar)
        }
        return String(result) + (line.unicodeScalars.count > 1000 ? "…" : "")
    }
}
