import Explanations
import Kube
import PlanningInput

extension Topology {
    /// How many tenants that are not fine a ring names.
    static let mostNamed = 8

    /// What stands where, and how: who is connected to whom, and what the statuses say.
    package init(_ wiring: Wiring, _ states: [PlanKey: ReportedState]) {
        self.init()
        let nothing = ReportedState(unreported: [])
        agents = wiring.agents.map { AgentNode($0, states[.agent($0.key)] ?? nothing) }.sortedByHealth()
        var senders: [ObjectKey: [AgentNode]] = [:]
        for agent in agents {
            for tenant in agent.tenants { senders[tenant, default: []].append(agent) }
        }
        tenants = wiring.tenants.map { end in
            TenantNode(end, states[.tenant(end.key)] ?? nothing, senders[end.key] ?? [])
        }.sortedByHealth()
        var served: [ObjectKey: (all: HealthCount, rings: [String: (count: HealthCount, worst: [ObjectKey])])] = [:]
        for tenant in tenants {
            served[tenant.view, default: (HealthCount(), [:])].all.add(tenant.health)
            guard let ring = tenant.ring else { continue }
            var own = served[tenant.view]?.rings.removeValue(forKey: ring) ?? (HealthCount(), [])
            own.count.add(tenant.health)
            // The worst come first.
            if tenant.health >= .waiting, own.worst.count < Self.mostNamed { own.worst.append(tenant.key) }
            served[tenant.view]?.rings[ring] = own
        }
        views = wiring.views.map { view in
            let state = states[.globalView(view.key)] ?? nothing
            let own = served[view.key]
            return ViewNode(
                key: view.key, kind: view.kind, health: state.health, troubles: state.troubles,
                rings: view.rings.map { RingNode($0, state, own?.rings[$0.name] ?? (HealthCount(), [])) },
                parts: view.parts, tenants: own?.all ?? HealthCount())
        }
        // Also of custom resources that cannot be read, which are connected to nothing.
        troubles = Trouble.sorted(states.values.flatMap(\.troubles))
    }
}

extension AgentNode {
    fileprivate init(_ end: Wiring.AgentEnd, _ state: ReportedState) {
        self.init(
            key: end.key, tenants: end.tenants, health: state.health, troubles: state.troubles, behind: state.behind,
            ready: state.ready, desired: state.desired)
    }
}

extension TenantNode {
    fileprivate init(_ end: Wiring.TenantEnd, _ state: ReportedState, _ agents: [AgentNode]) {
        self.init(
            key: end.key, id: end.id, view: end.view, ring: end.ring, health: state.health, troubles: state.troubles,
            agents: agents.map(\.key), behind: agents.compactMap(\.behind).max(), lastSample: state.lastSample,
            series: state.series)
    }
}

/// Something that is listed by how it stands.
private protocol Standing {
    var health: NodeHealth { get }
    var key: ObjectKey { get }
}

extension TenantNode: Standing {}
extension AgentNode: Standing {}

extension Array where Element: Standing {
    /// The worst first, else by namespace and name.
    fileprivate func sortedByHealth() -> [Element] {
        sorted { $0.health == $1.health ? $0.key < $1.key : $0.health > $1.health }
    }
}
