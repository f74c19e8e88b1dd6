import Kube
import KubeRuntime
import Logging
import Observability
import Planning
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// Reports how many monitors each agent accepts and rejects, and on each rejected one why, once.
final class MonitorReporter: Sendable {
    private let events: EventRecorder
    private let gauge: Gauge
    private let logger: Logger
    private let told = Locked<[PlanKey: Set<MonitorFinding>]>([:])

    init(events: EventRecorder, registry: MetricsRegistry, logger: Logger) {
        self.events = events
        self.logger = logger
        gauge = registry.gauge(
            "tributary_agent_monitors",
            help: "Monitors that an agent selects, by whether it accepts or rejects them",
            labels: ["namespace", "name", "kind", "state"])
    }

    /// Takes over the findings of an agent's newest plan; a plan without findings changes nothing.
    func report(_ report: MonitorReport?, of key: PlanKey, about agent: Object) {
        guard let report else { return }
        let findings = Set(report.rejected + report.leftOut)
        let before = told.withLock { told in
            defer { told[key] = findings.isEmpty ? nil : findings }
            return told[key] ?? []
        }
        let rejected = Set(report.rejected)
        for finding in report.rejected + report.leftOut where !before.contains(finding) {
            let isRejected = rejected.contains(finding)
            let text =
                isRejected
                ? "rejected by \(agent): \(finding.message)" : "used by \(agent) in part: \(finding.message)"
            logger.log(
                level: isRejected ? .warning : .info, "\(text)",
                metadata: ["object": "\(finding.kind.rawValue) \(finding.key)", "reason": "\(finding.reason)"])
            events.record(
                ObjectEvent(
                    regarding: ObjectEvent.Reference(
                        apiVersion: finding.kind.resource.apiVersion, kind: finding.kind.rawValue, key: finding.key,
                        uid: finding.uid),
                    severity: .warning, reason: finding.reason, action: "Plan", note: text,
                    related: ObjectEvent.Reference(agent)))
        }
        let counts = Dictionary(report.rejected.map { ($0.kind, 1) }, uniquingKeysWith: +)
        let name = key.objectKey
        for kind in MonitorKind.allCases {
            gauge.set(
                name.namespace, name.name, kind.rawValue, "accepted", to: Double(report.accepted[kind] ?? 0))
            gauge.set(name.namespace, name.name, kind.rawValue, "rejected", to: Double(counts[kind] ?? 0))
        }
    }

    /// Forgets an agent that is gone.
    func forget(_ key: PlanKey) {
        told.withLock { $0[key] = nil }
        let name = key.objectKey
        guard case .agent = key else { return }
        gauge.remove { $0[0] == name.namespace && $0[1] == name.name }
    }
}
