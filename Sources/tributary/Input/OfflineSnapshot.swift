import Kube
import Conversion
import Planning
import PlanningInput
import PrometheusConfig
import Receivers
import TributaryAPI

/// A snapshot of the objects in files instead of a cluster, with the place of each custom resource in the files.
struct OfflineSnapshot {
    // The files seldom have the Secrets that a cluster has.
    private(set) var snapshot = Snapshot(now: .now, credentials: .assumed)
    /// Whether an object was refused.
    private(set) var hasErrors = false
    /// The files in which nothing is recognised.
    private(set) var passedOver = PassedOver()
    /// Receives a line for each fault of an object, and how bad it is.
    private let report: (String, Severity) -> Void
    private var entries: [PlanKey: Manifest] = [:]
    private var monitors: [MonitorName: Manifest] = [:]
    /// The API group of the monitors.
    private let group: MonitorGroup
    /// Whether prometheus-operator's agents are converted to Tributary's.
    private let convertsAgents: Bool

    /// An empty snapshot. Faults of objects go to `report`, by default to standard error.
    init(
        convertsAgents: Bool = false, reloaderImage: String? = nil, group: MonitorGroup = .standard,
        report: @escaping (String, Severity) -> Void = { line, _ in Output.error(line) }
    ) {
        self.group = group
        self.convertsAgents = convertsAgents
        self.report = report
        if let reloaderImage { snapshot.reloaderImage = reloaderImage }
    }

    /// Adds the objects of files; reports their faults.
    mutating func add(_ files: ManifestFiles) {
        for line in RepeatedObjects(files.manifests).lines { report(line, .warning) }
        let entries = files.manifests.compactMap { entry -> Manifest? in
            guard let object = group.standardized(entry.object) else {
                passedOver.note(entry, isRead: false)
                return nil
            }
            var entry = entry
            entry.object = object
            return entry
        }
        for entry in entries where !AgentConversion.reads(entry.object) { add(entry) }
        // After the others: an agent that has been converted already takes precedence over its original.
        for entry in entries where AgentConversion.reads(entry.object) {
            passedOver.note(entry, isRead: convertsAgents)
            if convertsAgents { convert(entry) }
        }
    }

    /// `file:line:column` of the field that a diagnostic names.
    func location(of diagnostic: Diagnostic) -> String {
        entries[diagnostic.about]?.location(of: diagnostic.field) ?? "-"
    }

    /// The findings of a plan: a line for each, and whether it is an error.
    func findings(of plan: Plan) -> [(line: String, isError: Bool)] {
        let report = plan.monitors ?? MonitorReport()
        return plan.diagnostics.map { ("\(location(of: $0)): \($0)", $0.severity == .error) }
            + report.rejected.map { ("\(location(of: $0)): error: \($0)", true) }
            // Unknown fields were reported with their object, whether an agent selects it or not.
            + report.leftOut.filter { $0.reason != "UnknownField" }.map {
                ("\(location(of: $0)): warning: \($0)", false)
            }
    }

    private func location(of finding: MonitorFinding) -> String {
        monitors[MonitorName(kind: finding.kind, key: finding.key)]?.location(of: finding.field) ?? "-"
    }

    private struct MonitorName: Hashable {
        var kind: MonitorKind
        var key: ObjectKey
    }

    private mutating func add(_ entry: Manifest) {
        var object = entry.object
        if object.namespace == nil { object.json["metadata", "namespace"] = "default" }
        if let kind = TributaryAPI.kind(of: object) {
            take(object, of: kind, entry)
        } else {
            if let kind = MonitorKind(of: object) {
                monitors[MonitorName(kind: kind, key: object.key)] = entry
                for field in MonitorFields.unknown(in: entry.object, kind) {
                    report("\(entry.location(of: field.path)): warning: \(object): \(field)", .warning)
                }
            }
            addToSnapshot(object, entry)
        }
    }

    /// Adds one of prometheus-operator's agents, converted to Tributary's.
    private mutating func convert(_ entry: Manifest) {
        var object = entry.object
        if object.namespace == nil { object.json["metadata", "namespace"] = "default" }
        let conversion: AgentConversion
        do throws(FieldError) {
            conversion = try AgentConversion(object)
        } catch {
            report("\(entry.location(of: error.path)): warning: \(object): \(error): ignored", .warning)
            return
        }
        if let ours = entries[.agent(object.key)], !AgentConversion.reads(ours.object) {
            report(
                "\(entry.location(of: nil)): warning: \(object): ignored, since the files also have PrometheusAgent "
                    + "\(object.key) of \(TributaryAPI.group), at \(ours.location(of: nil))", .warning)
            return
        }
        for finding in conversion.findings where finding.effect != .refused {
            report("\(entry.location(of: finding.field)): warning: \(object): \(finding)", .warning)
        }
        take(conversion.agent, of: PrometheusAgent.self, entry)
    }

    /// Adds a custom resource, or reports its faults.
    private mutating func take(_ object: Object, of kind: any CustomResource.Type, _ entry: Manifest) {
        for unknown in kind.unknownFieldWarnings(in: object) {
            report("\(entry.location(of: unknown.path)): warning: \(object): \(unknown)", .warning)
        }
        let problems = kind.errors(in: object)
        for problem in problems {
            report("\(entry.location(of: problem.path)): error: \(object): \(problem)", .error)
        }
        guard problems.isEmpty else {
            passedOver.note(entry, isRead: true)
            hasErrors = true
            return
        }
        take(object, entry)
    }

    private mutating func take(_ object: Object, _ entry: Manifest) {
        guard let key = PlanKey(group: object.group, kind: object.kind, object.key) else { return }
        if let first = entries[key] {
            report(
                "\(entry.location(of: nil)): error: \(object): is given twice, first at \(first.location(of: nil))",
                .error)
            hasErrors = true
            return
        }
        entries[key] = entry
        addToSnapshot(object, entry)
    }

    private mutating func addToSnapshot(_ object: Object, _ entry: Manifest) {
        do throws(FieldError) {
            passedOver.note(entry, isRead: try snapshot.take(object))
        } catch {
            passedOver.note(entry, isRead: true)
            report("\(entry.location(of: error.path)): error: \(object): \(error)", .error)
            hasErrors = true
        }
    }
}
