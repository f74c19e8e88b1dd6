import Hashring
import Kube
import Observability

/// The metrics of thanos-receive-controller with the same names, labels and help texts, so that alerts and dashboards
/// keep working.
struct DropInMetrics: Sendable {
    /// Each time that the file was planned.
    let attempts: Counter.Series
    /// Attempts to write the generated ConfigMap; unchanged content is not written.
    let changeAttempts: Counter.Series
    private let errors: Counter
    private let changeErrors: Counter
    private let hash: Gauge.Series
    private let lastChange: Gauge.Series
    private let nodes: Gauge
    private let tenants: Gauge
    private let waiting: Gauge
    private let problems: Gauge

    private static let prefix = "thanos_receive_controller"

    /// Why a reconciliation failed: the label of `reconcile_errors_total`. All but `validate` come from
    /// thanos-receive-controller.
    enum ErrorKind: String, CaseIterable {
        case fetch, decode, save, poll, validate
    }

    init(_ registry: MetricsRegistry) {
        func name(_ name: String) -> String { "\(Self.prefix)_\(name)" }
        attempts =
            registry.counter(name("reconcile_attempts_total"), help: "Total number of reconciles.").with()
        errors = registry.counter(
            name("reconcile_errors_total"), help: "Total number of reconciles errors.", labels: ["type"])
        changeAttempts =
            registry.counter(
                name("configmap_change_attempts_total"), help: "Total number of configmap change attempts."
            ).with()
        changeErrors = registry.counter(
            name("configmap_change_errors_total"), help: "Total number of configmap change errors.", labels: ["type"])
        hash = registry.gauge(name("configmap_hash"), help: "Hash of the currently loaded configmap.").with()
        lastChange =
            registry.gauge(
                name("configmap_last_reload_success_timestamp_seconds"),
                help: "Timestamp of the last successful configmap."
            ).with()
        nodes = registry.gauge(
            name("hashring_nodes"), help: "The number of nodes per hashring.", labels: ["name"])
        tenants = registry.gauge(
            name("hashring_tenants"), help: "The number of tenants per hashring.", labels: ["name"])
        waiting = registry.gauge(
            "tributary_hashring_waiting_receivers",
            help: "Receivers that wait to join or to leave a hashring, by what they wait for.",
            labels: ["name", "reason"])
        problems = registry.gauge(
            "tributary_hashring_problems", help: "Problems of the hashring file by reason; 1 while one exists.",
            labels: ["reason", "severity"])
        for kind in ErrorKind.allCases { errors.with(kind.rawValue) }
        for step in GeneratedWriter.Step.allCases { changeErrors.with(step.rawValue) }
    }

    func failed(_ kind: ErrorKind) { errors.increment(kind.rawValue) }
    func failed(_ step: GeneratedWriter.Step) { changeErrors.increment(step.rawValue) }

    /// Records the published text and its hashrings.
    func published(_ text: String, _ rings: [HashringFilePlan.Entry]) {
        hash.set(Double(HashringFile.configHash(of: text)))
        for ring in rings {
            nodes.set(ring.name, to: Double(ring.members))
            tenants.set(ring.name, to: Double(ring.tenants))
        }
        let names = Set(rings.map(\.name))
        nodes.remove { !names.contains($0[0]) }
        tenants.remove { !names.contains($0[0]) }
    }

    /// Records that the generated ConfigMap was written.
    func changed(at time: Timestamp) { lastChange.set(Double(time.seconds)) }

    /// Records the waiting receivers and the problems of a plan.
    func planned(_ plan: HashringFilePlan) {
        for entry in plan.waiting { waiting.set(entry.ring, entry.reason, to: Double(entry.count)) }
        let current = Set(plan.waiting.map { [$0.ring, $0.reason] })
        waiting.remove { !current.contains($0) }
        let notes = Set(plan.notes.filter { $0.severity != .info }.map { [$0.reason, $0.severity.rawValue] })
        for values in notes { problems.set(values[0], values[1], to: 1) }
        problems.remove { !notes.contains($0) }
    }
}
