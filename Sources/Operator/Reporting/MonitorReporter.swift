import Kube
import KubeRuntime
import Logging
import Observability
import Planning
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// Reports how many monitors and PrometheusRules are accepted and rejected by who selects them, and on each rejected one why,
/// once, if it lasts; the same of monitors without targets.
final class MonitorReporter: Sendable {
    private let gauge: Gauge
    private let idle: Gauge
    private let ruleGauge: Gauge
    private let reports: HeldReports<MonitorReportItem>

    init(
        events: EventRecorder, group: MonitorGroup = .standard, registry: MetricsRegistry, logger: Logger,
        time: TimeSource = .system
    ) {
        reports = HeldReports(time: time) { item, agent in
            let finding = item.finding
            let inPart = item.effect == .usedInPart ? " in part" : ""
            let text = "\(item.effect.rawValue) \(agent)\(inPart): \(finding.message)"
            logger.log(
                level: item.effect == .rejected ? .warning : .info, "\(text)",
                metadata: ["object": "\(finding.kind.rawValue) \(finding.key)", "reason": "\(finding.reason)"])
            events.record(
                ObjectEvent(
                    regarding: ObjectEvent.Reference(
                        apiVersion: group.resource(of: finding.kind).apiVersion, kind: finding.kind.rawValue,
                        key: finding.key, uid: finding.uid),
                    severity: .warning, reason: finding.reason, action: "Plan", note: text,
                    related: ObjectEvent.Reference(agent)))
        }
        gauge = registry.gauge(
            "tributary_agent_monitors",
            help: "Monitors that an agent selects, by whether it accepts or rejects them",
            labels: ["namespace", "name", "kind", "state"])
        idle = registry.gauge(
            "tributary_agent_monitors_without_targets",
            help: "Monitors that an agent accepts and that have had no targets for some minutes on any of its pods",
            labels: ["namespace", "name"])
        ruleGauge = registry.gauge(
            "tributary_rules",
            help: "PrometheusRules that a tenant or a global view selects, by whether groups of them are left out",
            labels: ["namespace", "name", "kind", "state"])
    }

    /// Reports until the task is cancelled; only one task at a time may call this.
    func run() async { await reports.run() }

    /// Takes over the findings of an agent's newest plan; a plan without findings changes nothing.
    func report(_ report: MonitorReport?, of key: PlanKey, about agent: Object) {
        guard let report else { return }
        let items =
            report.rejected.map { MonitorReportItem(finding: $0, effect: .rejected) }
            + report.leftOut.map { MonitorReportItem(finding: $0, effect: .usedInPart) }
            + report.withoutTargets.map { MonitorReportItem(finding: $0, effect: .idle) }
        reports.set(Set(items), of: key, about: agent)
        let counts = Dictionary(report.rejected.map { ($0.kind, 1) }, uniquingKeysWith: +)
        if case .agent = key {} else { reportRules(report, of: key) }
        if case .tenant = key { return }
        let name = Self.server(key)
        idle.set(name.namespace, name.name, to: Double(report.withoutTargetsCount))
        for kind in MonitorKind.ofAgents {
            gauge.set(
                name.namespace, name.name, kind.rawValue, "accepted", to: Double(report.accepted[kind] ?? 0))
            gauge.set(name.namespace, name.name, kind.rawValue, "rejected", to: Double(counts[kind] ?? 0))
        }
    }

    private func reportRules(_ report: MonitorReport, of key: PlanKey) {
        let (name, kind) = (key.objectKey, key.resource.kind)
        let rejected = Set(report.rejected.filter { $0.kind == .prometheusRule }.map(\.key)).count
        ruleGauge.set(
            name.namespace, name.name, kind, "accepted", to: Double(report.accepted[.prometheusRule] ?? 0))
        ruleGauge.set(name.namespace, name.name, kind, "rejected", to: Double(rejected))
    }

    /// The name in metrics: that of an agent, or of the central Prometheus of a view.
    private static func server(_ key: PlanKey) -> ObjectKey {
        guard case .globalView(let view) = key else { return key.objectKey }
        return ObjectKey(namespace: view.namespace, name: CentralNames.name(of: view.name))
    }

    /// Forgets an agent or a view that is gone.
    func forget(_ key: PlanKey) {
        reports.forget(key)
        let name = Self.server(key)
        ruleGauge.remove {
            $0[0] == key.objectKey.namespace && $0[1] == key.objectKey.name && $0[2] == key.resource.kind
        }
        if case .tenant = key { return }
        for gauge in [gauge, idle] { gauge.remove { $0[0] == name.namespace && $0[1] == name.name } }
    }
}

/// A finding about a monitor, and what an agent does with the monitor.
private struct MonitorReportItem: Finding {
    /// What the agent does; the raw value is how a message begins.
    enum Effect: String {
        case rejected = "rejected by"
        case usedInPart = "used by"
        case idle = "finds nothing for"
    }

    var finding: MonitorFinding
    var effect: Effect
    let hasHappened = false

    var topic: String { "\(finding.kind.rawValue) \(finding.key) \(finding.reason)" }
}
