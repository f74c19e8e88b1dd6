import Kube
import KubeRuntime
import Logging
import Observability
import Planning
import PlanningInput

/// Reports what planning found: a log line and an Event once it has held for some seconds, a metric for as long as it
/// holds.
final class Reporter: Sendable {
    private let events: EventRecorder
    private let gauge: Gauge
    private let reports: HeldReports<Diagnostic>
    private let found = Locked<[PlanKey: [Diagnostic]]>([:])

    init(events: EventRecorder, registry: MetricsRegistry, logger: Logger, time: TimeSource = .system) {
        self.events = events
        reports = HeldReports(time: time) { diagnostic, object in
            logger.log(
                level: diagnostic.severity == .error ? .warning : .info, "\(diagnostic.text)",
                metadata: ["object": "\(object)", "reason": "\(diagnostic.reason)"])
            events.record(
                ObjectEvent(
                    regarding: ObjectEvent.Reference(object), severity: .warning, reason: diagnostic.reason,
                    action: "Plan", note: diagnostic.text))
        }
        gauge = registry.gauge(
            "tributary_problems",
            help: "Current problems of custom resources, by object and reason; 1 while a problem exists",
            labels: ["kind", "namespace", "name", "reason", "severity"])
    }

    /// Reports until the task is cancelled; only one task at a time may call this.
    func run() async { await reports.run() }

    /// Takes over the diagnostics of a custom resource's newest plan.
    func report(_ diagnostics: [Diagnostic], of key: PlanKey, about object: Object) {
        reports.set(diagnostics, of: key, about: object)
        let before = found.withLock { found in
            defer { found[key] = diagnostics.isEmpty ? nil : diagnostics }
            return found[key] ?? []
        }
        for diagnostic in diagnostics {
            let values = labels(diagnostic)
            gauge.set(values[0], values[1], values[2], values[3], values[4], to: 1)
        }
        let still = Set(diagnostics.map(labels))
        let over = Set(before.map(labels)).subtracting(still)
        for values in over { gauge.remove(values) }
    }

    /// Reports something that was done to an object for a custom resource, by an Event alone.
    func tell(
        about object: Object, done related: Object, severity: ObjectEvent.Severity, reason: String, action: String,
        _ note: String
    ) {
        events.record(
            ObjectEvent(
                regarding: ObjectEvent.Reference(object), severity: severity, reason: reason, action: action,
                note: note,
                related: ObjectEvent.Reference(related)))
    }

    /// Forgets a custom resource that is gone.
    func forget(_ key: PlanKey) {
        reports.forget(key)
        let over = Set((found.withLock { $0.removeValue(forKey: key) } ?? []).map(labels))
        for values in over { gauge.remove(values) }
    }

    private func labels(_ diagnostic: Diagnostic) -> [String] {
        let key = diagnostic.about.objectKey
        return [
            diagnostic.about.resource.kind, key.namespace, key.name, diagnostic.reason, diagnostic.severity.rawValue,
        ]
    }
}

extension Diagnostic: Finding {
    var topic: String { "\(reason) \(field.map { "\($0)" } ?? "")" }
}
