import Kube
import PlanningInput
import TributaryAPI

/// Who is connected to whom, as the objects of a snapshot say; nothing of how they stand that is only in statuses.
package struct Wiring: Sendable {
    struct View: Sendable {
        var key: ObjectKey
        var kind: String
        var rings: [WiredRing]
        var parts: [PartNode]
    }

    struct TenantEnd: Sendable {
        var key: ObjectKey
        var id: String
        var view: ObjectKey
        var ring: String?
    }

    struct AgentEnd: Sendable {
        var key: ObjectKey
        var tenants: [ObjectKey]
    }

    var views: [View] = []
    var tenants: [TenantEnd] = []
    var agents: [AgentEnd] = []

    /// The custom resources that are connected.
    package var keys: [PlanKey] {
        views.map { .globalView($0.key) } + tenants.map { .tenant($0.key) } + agents.map { .agent($0.key) }
    }

    /// Reads a snapshot, and the workloads that were made for its custom resources. It takes a few microseconds for each
    /// custom resource.
    package init(_ snapshot: borrowing Snapshot, _ workloads: [PlacedWorkload]) {
        let owned = Dictionary(grouping: workloads) { $0.group.owner }
        var rings: [ObjectKey: (named: Set<String>, soft: String?)] = [:]
        for view in snapshot.globalViews.values {
            let key = view.metadata.key
            let specs = view.spec.thanos?.hashrings ?? []
            rings[key] = (Set(specs.map(\.name)), specs.first(where: \.isSoft)?.name)
            let own = (owned[key] ?? []).sorted { $0.key < $1.key }
            var wired: [WiredRing] = []
            for spec in specs { wired.append(WiredRing(spec, of: view, snapshot, own)) }
            views.append(View(key: key, kind: view.kindName, rings: wired, parts: Self.parts(of: view, snapshot, own)))
        }
        views.sort { $0.key < $1.key }
        tenants.reserveCapacity(snapshot.tenants.count)
        for tenant in snapshot.tenants.values {
            let view = tenant.globalViewKey
            let ring =
                tenant.spec.hashring.map { rings[view]?.named.contains($0) == true ? $0 : nil } ?? rings[view]?.soft
            tenants.append(TenantEnd(key: tenant.metadata.key, id: tenant.id, view: view, ring: ring))
        }
        for agent in snapshot.agents.values {
            agents.append(AgentEnd(key: agent.metadata.key, tenants: agent.tenantKeys))
        }
    }

    private static func parts(
        of view: GlobalView, _ snapshot: borrowing Snapshot, _ workloads: [PlacedWorkload]
    ) -> [PartNode] {
        var parts: [PartNode] = []
        for workload in workloads {
            guard let role = ViewRole(component: workload.group.component) else { continue }
            let pods = snapshot.troubles(of: workload.group)
            // The pods of several shards of a store are one group.
            let trouble = pods.filter { $0.key.name.hasPrefix("\(workload.key.name)-") }.min { $0.key < $1.key }
            parts.append(PartNode(role, workload, trouble.map { "\($0.key.name): \($0.value.message)" }))
        }
        if let external = view.spec.external {
            parts.append(
                PartNode(role: .external, name: Self.host(of: external.writeURL), health: .unknown))
        }
        let order = ViewRole.allCases
        return parts.sorted { left, right in
            let places = (order.firstIndex(of: left.role) ?? 0, order.firstIndex(of: right.role) ?? 0)
            return places.0 == places.1 ? left.name < right.name : places.0 < places.1
        }
    }

    /// The host of a URL, without anything that may be a credential.
    private static func host(of url: String) -> String {
        let rest = url.split(separator: "://", maxSplits: 1).last ?? ""
        let authority = rest.prefix { !"/?#".contains($0) }
        return String(authority.split(separator: "@").last ?? "")
    }
}

extension PartNode {
    /// How a workload of a view stands.
    init(_ role: ViewRole, _ workload: PlacedWorkload, _ trouble: String?) {
        self.init(role: role, name: workload.key.name, health: .unknown, desired: workload.desired)
        guard let progress = workload.progress else { return }
        ready = progress.ready
        if let trouble {
            (health, note) = (.wrong, trouble)
        } else if !progress.isReady {
            (health, note) = (.waiting, "\(progress.ready) of \(progress.desired) pods are ready")
        } else if !progress.isUpdated {
            (health, note) = (.waiting, "pods are being replaced")
        } else {
            health = .ok
        }
    }

    init(role: ViewRole, name: String, health: NodeHealth, desired: Int? = nil) {
        (self.role, self.name, self.health, self.desired) = (role, name, health, desired)
    }
}
