import Kube
import Conversion
import Planning
import PlanningInput
import Receivers
import TributaryAPI

/// A snapshot made of files in the place of a cluster, and where in them each custom resource stands.
struct OfflineSnapshot {
    // Secrets are seldom among the files; a cluster has them.
    private(set) var snapshot = Snapshot(now: .now, credentials: .assumed)
    /// Whether something was refused.
    private(set) var hasErrors = false
    /// Takes each line about what is wrong.
    private let report: (String) -> Void
    private var entries: [PlanKey: Manifests.Entry] = [:]
    private var monitors: [ObservedMonitor: Manifests.Entry] = [:]
    /// Whether prometheus-operator's agents are taken in as ours.
    private let convertsAgents: Bool

    /// An empty snapshot; what is wrong with its objects goes to `report`, by default to standard error.
    init(
        convertsAgents: Bool = false, reloaderImage: String? = nil,
        report: @escaping (String) -> Void = Output.error
    ) {
        self.convertsAgents = convertsAgents
        self.report = report
        if let reloaderImage { snapshot.reloaderImage = reloaderImage }
    }

    /// Takes in what files hold; reports what is wrong with it.
    mutating func add(_ manifests: Manifests) {
        for entry in manifests.entries where !AgentConversion.reads(entry.object) { add(entry) }
        // Behind the others, as what somebody has converted by then stands before what it was made of.
        guard convertsAgents else { return }
        for entry in manifests.entries where AgentConversion.reads(entry.object) { convert(entry) }
    }

    /// `file:line:column` of what a diagnostic is about.
    func location(of diagnostic: Diagnostic) -> String {
        entries[diagnostic.about]?.location(of: diagnostic.field) ?? "-"
    }

    /// What a plan found, a line each, and whether it is an error.
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

    private mutating func add(_ entry: Manifests.Entry) {
        var object = entry.object
        if object.namespace == nil { object.json["metadata", "namespace"] = "default" }
        if let kind = TributaryAPI.kind(of: object) {
            take(object, of: kind, entry)
        } else {
            if let monitor = ObservedMonitor(object) { monitors[monitor] = entry }
            takeInto(object, entry)
        }
    }

    /// Takes in one of prometheus-operator's agents as ours.
    private mutating func convert(_ entry: Manifests.Entry) {
        var object = entry.object
        if object.namespace == nil { object.json["metadata", "namespace"] = "default" }
        let conversion: AgentConversion
        do throws(FieldError) {
            conversion = try AgentConversion(object)
        } catch {
            report("\(entry.location(of: error.path)): warning: \(object): \(error): it is passed over")
            return
        }
        if let ours = entries[.agent(object.key)], !AgentConversion.reads(ours.object) {
            report(
                "\(entry.location(of: nil)): warning: \(object): is passed over, as PrometheusAgent \(object.key) of "
                    + "\(TributaryAPI.group) is there too, at \(ours.location(of: nil))")
            return
        }
        for finding in conversion.findings where finding.effect != .refused {
            report("\(entry.location(of: finding.field)): warning: \(object): \(finding)")
        }
        take(conversion.agent, of: PrometheusAgent.self, entry)
    }

    /// Takes in a custom resource, unless something is wrong with it.
    private mutating func take(_ object: Object, of kind: any CustomResource.Type, _ entry: Manifests.Entry) {
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

    private mutating func take(_ object: Object, _ entry: Manifests.Entry) {
        guard let key = PlanKey(group: object.group, kind: object.kind, object.key) else { return }
        if let first = entries[key] {
            report(
                "\(entry.location(of: nil)): error: \(object): is given twice, first at \(first.location(of: nil))")
            hasErrors = true
            return
        }
        entries[key] = entry
        takeInto(object, entry)
    }

    private mutating func takeInto(_ object: Object, _ entry: Manifests.Entry) {
        do throws(FieldError) {
            try snapshot.take(object)
        } catch {
            report("\(entry.location(of: error.path)): error: \(object): \(error)")
            hasErrors = true
        }
    }
}
