import Kube
import Observability
import Planning
import PlanningInput

/// The hashrings of each global view as metrics, taken from what was planned and applied.
///
/// Thanos has one file for all hashrings of a view, so metrics of the file have no label `hashring`. Series are removed with
/// their hashring or view; their number depends on the custom resources, never on what tenants send.
final class HashringMetrics: Sendable {
    private static let viewLabels = ["namespace", "globalview"]

    private let members: Gauge
    private let desired: Gauge
    private let pending: Gauge
    private let older: Gauge
    private let held: Gauge
    private let ringTenants: Gauge
    private let tenants: Gauge
    private let published: Gauge
    private let hash: Gauge
    private let lastChange: Gauge
    private let refused: Gauge
    private let shown = Locked<[ObjectKey: HashringReport]>([:])

    init(_ registry: MetricsRegistry) {
        func ring(_ name: String, _ help: String) -> Gauge {
            registry.gauge("tributary_hashring_\(name)", help: help, labels: Self.viewLabels + ["hashring"])
        }
        func view(_ name: String, _ help: String, _ more: [String] = []) -> Gauge {
            registry.gauge("tributary_\(name)", help: help, labels: Self.viewLabels + more)
        }
        members = ring("members", "Receivers that the published hashring names")
        desired = ring("desired", "Receivers that the hashring's StatefulSets want")
        pending = ring("pending", "Receivers that wait to join or leave the hashring, or are held in it")
        older = ring("older_receivers", "Receivers that have loaded another hashring file than the published one")
        held = ring("held", "1 if receivers stay in the hashring only because too few would remain, else 0")
        ringTenants = ring("tenants", "Tenants that the hashring names")
        tenants = view("globalview_tenants", "Tenants of the global view")
        published = view("hashring_published", "1 if the view's hashring file is published, 0 if it has to wait")
        hash = view(
            "hashring_hash",
            "The thanos_receive_config_hash of a receiver that has read the published hashring file")
        lastChange = view(
            "hashring_last_change_timestamp_seconds", "When the view's hashring file last changed, in Unix time")
        refused = view(
            "hashring_refused", "1 while the wanted hashring file is not published and the former one stays, by reason",
            ["reason"])
    }

    /// Takes over a plan that was applied.
    func update(_ plan: Plan, for key: PlanKey) {
        guard case .globalView(let view) = key else { return }
        if let report = plan.hashrings {
            show(report, of: view)
        } else if plan.keepsExisting {
            // The published file stays; only the reasons for that are new.
            guard var report = shown.withLock({ $0[view] }) else { return }
            report.refusals = Set(plan.diagnostics.filter { $0.severity == .error }.map(\.reason)).sorted()
            show(report, of: view)
        } else {
            forget(key)
            let status = plan.statuses.first { $0.key == view && $0.resource == key.resource }?.status
            if let count = status?["tenants"]?.int { tenants.set(view.namespace, view.name, to: Double(count)) }
        }
    }

    /// Forgets a custom resource that is gone.
    func forget(_ key: PlanKey) {
        guard case .globalView(let view) = key else { return }
        tenants.remove([view.namespace, view.name])
        guard let last = shown.withLock({ $0.removeValue(forKey: view) }) else { return }
        hide(last.hashrings.map(\.name), last.refusals, of: view)
        for gauge in [published, hash, lastChange] { gauge.remove([view.namespace, view.name]) }
    }

    private func show(_ report: HashringReport, of view: ObjectKey) {
        let last = shown.withLock { $0.updateValue(report, forKey: view) }
        guard last != report else { return }
        let (namespace, name) = (view.namespace, view.name)
        let rings = Set(report.hashrings.map(\.name))
        hide(
            (last?.hashrings.map(\.name) ?? []).filter { !rings.contains($0) },
            (last?.refusals ?? []).filter { !report.refusals.contains($0) }, of: view)
        for ring in report.hashrings {
            members.set(namespace, name, ring.name, to: Double(ring.members))
            desired.set(namespace, name, ring.name, to: Double(ring.desired))
            pending.set(namespace, name, ring.name, to: Double(ring.pending))
            held.set(namespace, name, ring.name, to: ring.isHeld ? 1 : 0)
            ringTenants.set(namespace, name, ring.name, to: Double(ring.tenants))
            if let count = ring.older {
                older.set(namespace, name, ring.name, to: Double(count))
            } else {
                older.remove([namespace, name, ring.name])
            }
        }
        for reason in report.refusals { refused.set(namespace, name, reason, to: 1) }
        tenants.set(namespace, name, to: Double(report.tenants))
        published.set(namespace, name, to: report.hash == nil ? 0 : 1)
        if let value = report.hash {
            hash.set(namespace, name, to: Double(value))
        } else {
            hash.remove([namespace, name])
        }
        if let changed = report.changed { lastChange.set(namespace, name, to: Double(changed.seconds)) }
    }

    private func hide(_ rings: [String], _ reasons: [String], of view: ObjectKey) {
        for ring in rings {
            for gauge in [members, desired, pending, older, held, ringTenants] {
                gauge.remove([view.namespace, view.name, ring])
            }
        }
        for reason in reasons { refused.remove([view.namespace, view.name, reason]) }
    }
}
