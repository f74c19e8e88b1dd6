import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// Explains which agents scrape for a monitor, and what.
package struct MonitorExplanation {
    private let snapshot: Snapshot
    private let objects: TargetObjects

    /// Explains from what planning reads, and from the objects in which monitors find targets.
    package init(_ snapshot: Snapshot, _ objects: TargetObjects) {
        self.snapshot = snapshot
        self.objects = objects
    }

    /// The explanation of a monitor; nil if there is none of that name.
    package func explain(_ kind: MonitorKind, _ key: ObjectKey) -> Explanation? {
        guard let monitor = snapshot.monitoring.all(kind).first(where: { $0.key == key }) else { return nil }
        let agents = AgentFindings(monitor, snapshot, objects)
        let targets = targets(of: monitor, agents.selecting)
        let works = agents.isAccepted && targets.hasTargets
        let outcome =
            works
            ? "it makes targets"
            : "it makes no targets: "
                + [
                    agents.isAccepted ? nil : agents.selecting.isEmpty ? "no agent selects it" : "no agent uses it",
                    targets.hasTargets ? nil : "it finds none",
                ].compactMap(\.self).joined(separator: ", and ")
        return Explanation(
            kind: kind.rawValue, key: key,
            findings: agents.findings + targets.findings + MonitorFields.findings(about: monitor), works: works,
            outcome: outcome)
    }

    /// The names of the monitors of a kind.
    package func names(_ kind: MonitorKind) -> [String] { snapshot.monitoring.all(kind).map(\.key.description) }

    private func targets(of monitor: ObservedMonitor, _ agents: [Scraper]) -> TargetFindings {
        let spec = monitor.object.json["spec"] ?? [:]
        let others = OtherTargets(monitor: monitor, spec: spec, agents: agents, objects: objects)
        switch monitor.kind {
        case .probe: return others.probe()
        case .scrapeConfig: return others.scrapeConfig()
        case .serviceMonitor, .podMonitor: break
        // It has no targets.
        case .prometheusRule: return TargetFindings()
        }
        var result: TargetFindings
        let selector: LabelSelector
        do {
            selector = try (spec["selector"] ?? [:]).decode(LabelSelector.self)
        } catch {
            result = TargetFindings()
            result.add(.bad, "InvalidSelector", at: "spec.selector", "is not a label selector: \(error)")
            return result
        }
        let reach = TargetReach(
            spec["namespaceSelector"], at: "spec.namespaceSelector", of: monitor.key.namespace, agents, objects)
        result =
            monitor.kind == .serviceMonitor
            ? ServiceTargets(spec: spec, selector: selector, reach: reach, objects: objects).find()
            : PodTargets(spec: spec, selector: selector, reach: reach, objects: objects).find()
        result.findings = reach.findings + result.findings
        return result
    }
}
