import Hashring
import Kube
import Planning
import PlanningInput
import PrometheusConfig
import YAML

/// Checks files of every kind that Tributary knows, and collects a line for each finding.
struct Lint {
    var replicationFactor: Int
    var algorithm: Algorithm
    var environment: [String: String]
    /// The addresses of routers that run without `--receive.local-endpoint`.
    var routers: Set<String>
    /// The version of Prometheus that reads its configuration files.
    var prometheus: PrometheusVersion
    /// The API group of monitors.
    var group: MonitorGroup
    /// The version of Thanos that reads hashring files; nil counts as the newest.
    var thanos: ReceiverVersion?

    /// The lines, each `file:line:column: error|warning: what is wrong, and what to do`.
    private(set) var lines: [String] = []
    private(set) var hasErrors = false

    private var manifests: [InputFile] = []
    private var previousRings: String?
    private var previousLimits: LimitsFile?

    /// The most findings that are printed for one file.
    static let maximumFindings = 200

    init(
        replicationFactor: Int, algorithm: Algorithm, environment: [String: String], routers: Set<String> = [],
        prometheus: PrometheusVersion = PrometheusVersion(3, 5), group: MonitorGroup = .standard,
        thanos: ReceiverVersion? = nil
    ) {
        self.thanos = thanos
        self.prometheus = prometheus
        self.group = group
        self.replicationFactor = replicationFactor
        self.algorithm = algorithm
        self.environment = environment
        self.routers = routers
    }

    // MARK: - Files

    /// Takes the file that receivers have now.
    mutating func takePrevious(_ file: InputFile) {
        do throws(CommandFailure) {
            switch try file.kind() {
            case .hashrings:
                _ = try file.hashrings()
                previousRings = String(decoding: file.bytes, as: UTF8.self)
            case .limits: previousLimits = try file.limits(environment: environment).file
            case .manifests: add("\(file.name):1:1: error: found manifests, expected a hashring or limits file", .error)
            case .prometheus:
                add(
                    "\(file.name):1:1: error: found a configuration of Prometheus, expected a hashring or limits file",
                    .error)
            }
        } catch {
            add(error.line, .error)
        }
    }

    /// Checks a file. Manifests are checked together, by ``finish()``.
    mutating func check(_ file: InputFile) {
        do throws(CommandFailure) {
            switch try file.kind() {
            case .hashrings:
                let positions = HashringPositions(file.bytes)
                let findings = findings(try file.hashrings(), file.bytes, previous: previousRings)
                add(findings, position: { positions.yamlPosition(of: $0.field) }, location: { "\(file.name):\($0)" })
            case .limits:
                let reading = try file.limits(environment: environment, previous: previousLimits)
                add(reading, location: { "\(file.name):\($0)" })
            case .manifests: manifests.append(file)
            case .prometheus:
                for line in try file.prometheusProblems(for: prometheus).prefix(Self.maximumFindings) {
                    add(line, .error)
                }
            }
        } catch {
            add(error.line, .error)
        }
    }

    /// Checks the manifests of all files together, as `render` does.
    mutating func finish() {
        guard !manifests.isEmpty else { return }
        var passedOver: [String] = []
        let files = ManifestFiles(manifests)
        for problem in files.problems { add(problem, .error) }
        var reported: [(line: String, severity: Severity)] = []
        withoutActuallyEscaping({ reported.append(($0, $1)) }) { report in
            var offline = OfflineSnapshot(group: group, report: report)
            offline.add(files)
            for (line, severity) in reported { add(line, severity) }
            for (line, isError) in offline.findings(of: Planner(offline.snapshot).plan()) {
                add(line, isError ? .error : .warning)
            }
            passedOver = offline.passedOver.lines
        }
        checkRules(in: files)
        let sources = Dictionary(manifests.map { ($0.name, $0.bytes) }) { first, _ in first }
        let sent = SentTenants.all(in: files.manifests)
        for manifest in files.manifests {
            for file in EmbeddedFile.all(in: manifest, source: sources[manifest.file] ?? []) {
                check(file, sent: sent)
            }
        }
        for line in passedOver { add(line, .info) }
    }

    /// Checks the PrometheusRules that nobody among the files selects.
    private mutating func checkRules(in files: ManifestFiles) {
        for manifest in files.manifests {
            var object = manifest.object
            if object.namespace == nil { object.json["metadata", "namespace"] = "default" }
            for finding in RuleCheck.findings(of: object) {
                let line = "\(manifest.location(of: finding.field)): error: \(finding)"
                if !lines.contains(Output.printable(line)) { add(line, .error) }
            }
        }
    }

    /// Checks a file inside a ConfigMap. Its findings have positions in the manifest.
    private mutating func check(_ file: EmbeddedFile, sent: [String]) {
        let bytes = Array(file.text.utf8)
        switch file.kind {
        case .hashrings:
            let positions = HashringPositions(bytes)
            do throws(HashringFileError) {
                let rings = try HashringFile(parsing: bytes)
                let findings =
                    rings.findings(inConfigMap: findings(rings, bytes, previous: nil)) + rings.findings(sent: sent)
                add(findings, position: { positions.yamlPosition(of: $0.field) }, location: file.location)
            } catch {
                let (position, message) = error.located(in: positions)
                add("\(file.location(position)): error: \(message)", .error)
            }
        case .limits:
            do throws(YAMLError) {
                add(try LimitsFile.read(bytes, environment: environment), location: file.location)
            } catch {
                add("\(file.location(error.position)): error: \(error.reason)", .error)
            }
        }
    }

    private func findings(_ rings: HashringFile, _ bytes: [UInt8], previous: String?) -> [Finding] {
        rings.validate(
            replicationFactor: replicationFactor, defaultAlgorithm: algorithm, previous: previous,
            text: String(decoding: bytes, as: UTF8.self), routers: routers, version: thanos)
    }

    // MARK: - Lines

    private mutating func add(_ limits: LimitsReading, location: (YAMLPosition) -> String) {
        let positions = Dictionary(
            limits.findings.map { ($0.finding, $0.position) }, uniquingKeysWith: { first, _ in first })
        add(limits.findings.map(\.finding), position: { positions[$0] ?? .start }, location: location)
    }

    /// Adds findings in the order of the text. Beyond ``maximumFindings`` they are only counted, since finding positions
    /// takes time.
    private mutating func add(
        _ findings: [Finding], position: (Finding) -> YAMLPosition, location: (YAMLPosition) -> String
    ) {
        let placed = findings.prefix(Self.maximumFindings).map { (position: position($0), finding: $0) }
        for (position, finding) in placed.sorted(by: { $0.position < $1.position }) {
            add("\(location(position)): \(finding.severity.rawValue): \(finding)", finding.severity)
        }
        let rest = findings.dropFirst(Self.maximumFindings)
        guard let worst = rest.map(\.severity).max() else { return }
        add("\(location(.start)): \(worst.rawValue): \(rest.count) more findings omitted; fix these first", worst)
    }

    private mutating func add(_ line: String, _ severity: Severity) {
        if severity == .error { hasErrors = true }
        lines.append(Output.printable(line))
    }
}

extension YAMLPosition {
    fileprivate static let start = YAMLPosition(line: 1, column: 1)
}
