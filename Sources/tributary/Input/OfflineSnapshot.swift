import Kube
import Conversion
import Planning
import PlanningInput
import Receivers
import TributaryAPI

/// A snapshot of the objects in files instead of a cluster, with the place of each custom resource in the files.
struct OfflineSnapshot {
    // The files seldom have the Secrets that a cluster has.
    private(set) var snapshot = Snapshot(now: .now, credentials: .assumed)
    /// Whether an object was refused.
    private(set) var hasErrors = false
    /// Receives a line for each fault of an object.
    private let report: (String) -> Void
    private var entries: [PlanKey: Manifest] = [:]
    private var monitors: [ObservedMonitor: Manifest] = [:]
    /// Whether prometheus-operator's agents are converted to Tributary's.
    private let convertsAgents: Bool

    /// An empty snapshot. Faults of objects go to `report`, by default to standard error.
    init(
        convertsAgents: Bool = false, reloaderImage: String? = nil,
        report: @escaping (String) -> Void = Output.error
    ) {
        self.convertsAgents = convertsAgents
        self.report = report
        if let reloaderImage { snapshot.reloaderImage = reloaderImage }
    }

    /// Adds the objects of files; reports their faults.
    mutating func add(_ files: ManifestFiles) {
        for entry in files.manifests where !AgentConversion.reads(entry.object) { add(entry) }
        // After the others: an agent that has been converted already takes precedence over its original.
        guard convertsAgents else { return }
        for entry in files.manifests where AgentConversion.reads(entry.object) { convert(entry) }
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
            + report.leftOut.map { ("\(location(of: $0)): warning: \($0)", false) }
    }

    private func location(of finding: MonitorFinding) -> String {
        let entry = monitors.first { $0.key.kind == finding.kind && $0.key.key == finding.key }?.value
        return entry?.location(of: finding.field) ?? "-"
    }

    private mutating func add(_ entry: Manifest) {
        var object = entry.object
        if object.namespace == nil { object.json["metadata", "namespace"] = "default" }
        if let kind = TributaryAPI.kind(of: object) {
            take(object, of: kind, entry)
        } else {
            if let monitor = ObservedMonitor(object) { monitors[monitor] = entry }
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
            report("\(entry.location(of: error.path)): warning: \(object): \(error): ignored")
            return
        }
        if let ours = entries[.agent(object.key)], !AgentConversion.reads(ours.object) {
            report(
                "\(entry.location(of: nil)): warning: \(object): ignored, since the files also have PrometheusAgent "
                    + "\(object.key) of \(TributaryAPI.group), at \(ours.location(of: nil))")
            return
        }
        for finding in conversion.findings where finding.effect != .refused {
            report("\(entry.location(of: finding.field)): warning: \(object): \(finding)")
        }
        take(conversion.agent, of: PrometheusAgent.self, entry)
    }

    /// Adds a custom resource, or reports its faults.
    private mutating func take(_ object: Object, of kind: any CustomResource.Type, _ entry: Manifest) {
        let problems = kind.problems(in: object)
        for problem in problems {
            report("\(entry.location(of: problem.path)): error: \(object): \(problem)")
        }
        guard problems.isEmpty else {
            hasErrors = true
            return
        }
        take(object, entry)
    }

    private mutating func take(_ object: Object, _ entry: Manifest) {
        guard let key = PlanKey(group: object.group, kind: object.kind, object.key) else { return }
        if let first = entries[key] {
            report(
                "\(entry.location(of: nil)): error: \(object): is given twice, first at \(first.location(of: nil))")
            hasErrors = true
            return
        }
        entries[key] = entry
        addToSnapshot(object, entry)
    }

    private mutating func addToSnapshot(_ object: Object, _ entry: Manifest) {
        do throws(FieldError) {
            try snapshot.take(object)
        } catch {
            report("\(entry.location(of: error.path)): error: \(object): \(error)")
            hasErrors = true
        }
    }
}
