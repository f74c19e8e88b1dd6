import Explanations
import Kube

extension Graph {
    /// What is drawn at most. Browsers draw Mermaid's diagrams up to 500 arrows and 50,000 characters.
    private enum Most {
        static let views = 8
        static let rings = 8
        static let agents = 24
        static let parts = 24
        /// The tenants and the receivers of one ring, if there are few rings.
        static let named = 8
        /// The boxes of all rings together.
        static let shared = 96
    }

    /// Draws what stands where. What is too much is counted, and what is wrong is named first.
    init(_ topology: Topology) {
        self.init()
        let views = topology.views.sorted { $0.health > $1.health && $0.health >= .waiting }.prefix(Most.views)
        let rings = views.reduce(0) { $0 + min($1.rings.count, Most.rings) }
        let named = min(max(1, Most.shared / max(1, rings)), Most.named)
        let byView = Dictionary(grouping: topology.tenants, by: \.view)
        var places: [ObjectKey: Int] = [:]
        for view in views { draw(view, byView[view.key] ?? [], named, &places) }
        if topology.views.count > views.count {
            let rest = topology.views.filter { view in !views.contains { $0.key == view.key } }
            let band = add(Band(title: "other views", health: .unknown))
            _ = add(Node(grouped: rest.map(\.health), "views", .rings, band))
        }
        drawOrphans(topology, byView, &places)
        draw(topology.agents, places)
    }

    private mutating func draw(
        _ view: ViewNode, _ tenants: [TenantNode], _ named: Int, _ places: inout [ObjectKey: Int]
    ) {
        let kind = view.kind == "thanos" ? "Thanos" : view.kind == "prometheus" ? "Prometheus" : view.kind
        let reason = view.troubles.first.map { " (\($0.reason))" } ?? ""
        let band = add(Band(title: "\(kind) view \(view.key)\(reason)", health: view.health))
        let parts = draw(view.parts, band)
        let cores = parts.filter { [.central, .external].contains($0.role) }.map(\.place)
        var entered: [Int] = cores
        let shown = view.rings.prefix(Most.rings)
        let byRing = Dictionary(grouping: tenants) { $0.ring ?? "" }
        for ring in shown {
            let members = ring.members.map { "\($0) of \(ring.desired.map(String.init) ?? "?") receivers" }
            let place = add(
                Node(
                    title: "ring \(ring.name)",
                    lines: [ring.isSoft ? "soft: every other tenant" : "hard"] + (members.map { [$0] } ?? []),
                    health: ring.health, column: .rings, band: band))
            entered.append(place)
            draw(byRing[ring.name] ?? [], to: [place], named, band, &places)
            let receivers = drawReceivers(of: ring, named, band)
            for receiver in receivers { connect(place, receiver) }
            // Of many rings, the arrow of the ring stands for those of its receivers.
            let ends = view.rings.count <= 2 ? receivers : receivers.isEmpty ? [place] : [receivers[0]]
            for part in parts where [.query, .tenantQuery, .store].contains(part.role) {
                for end in ends { connect(end, part.place) }
            }
        }
        if view.rings.count > shown.count {
            let rest = view.rings.dropFirst(Most.rings)
            let place = add(Node(grouped: rest.map(\.health), "rings", .rings, band))
            entered.append(place)
            draw(rest.flatMap { byRing[$0.name] ?? [] }, to: [place], 1, band, &places)
        }
        if view.rings.isEmpty, cores.isEmpty {
            let place = add(
                Node(
                    title: view.key.name, lines: ["nothing in it yet"], health: view.health, column: .rings, band: band)
            )
            entered.append(place)
        }
        draw(byRing[""] ?? [], to: cores.isEmpty ? Array(entered.prefix(1)) : cores, named, band, &places)
        connect(parts, to: entered)
    }

    private mutating func draw(_ parts: [PartNode], _ band: Int) -> [(role: ViewRole, place: Int)] {
        let shown = parts.sorted { $0.health > $1.health && $0.health >= .waiting }.prefix(Most.parts)
        return parts.filter { shown.contains($0) }.map { part in
            let column: Column =
                switch part.role {
                case .gateway, .relay, .router: .entry
                case .central, .external: .receivers
                case .store, .compactor: .storage
                case .query, .tenantQuery, .ruler: .reading
                case .frontend, .tenantFrontend, .readProxy: .frontends
                }
            let ready = part.ready.map { "\($0) of \(part.desired ?? 0) ready" }
            return (
                part.role,
                add(
                    Node(
                        title: part.role.rawValue, lines: [part.name] + [part.note ?? ready].compactMap(\.self),
                        health: part.health, column: column, band: band))
            )
        }
    }

    /// The arrows between the parts of a view.
    private mutating func connect(_ parts: [(role: ViewRole, place: Int)], to entered: [Int]) {
        func all(_ roles: ViewRole...) -> [Int] { parts.filter { roles.contains($0.role) }.map(\.place) }
        let (gateways, inner) = (all(.gateway), all(.relay, .router))
        for from in gateways { for to in inner { connect(from, to) } }
        for from in inner.isEmpty ? gateways : inner {
            for to in entered { connect(from, to) }
        }
        let ways: [([Int], [Int])] = [
            (all(.store), all(.query, .tenantQuery)), (all(.query), all(.frontend, .readProxy)),
            (all(.tenantQuery), all(.tenantFrontend)), (all(.central, .external), all(.readProxy)),
            (all(.central, .external), all(.ruler)),
        ]
        for (from, to) in ways {
            for from in from { for to in to { connect(from, to) } }
        }
    }

    private mutating func drawReceivers(of ring: RingNode, _ named: Int, _ band: Int) -> [Int] {
        let fits = ring.receivers.count <= named
        var places = ring.receivers.prefix(fits ? named : max(0, named - 1)).map { receiver in
            add(
                Node(
                    title: receiver.name, lines: [receiver.note].compactMap(\.self), health: receiver.health,
                    column: .receivers, band: band))
        }
        if !fits {
            let rest = ring.receivers.dropFirst(places.count).map(\.health)
            places.append(add(Node(grouped: rest, "receivers", .receivers, band, more: !places.isEmpty)))
        }
        return places
    }

    /// Draws tenants with arrows to where they write; notes where each is drawn.
    private mutating func draw(
        _ tenants: [TenantNode], to targets: [Int], _ named: Int, _ band: Int, _ places: inout [ObjectKey: Int]
    ) {
        let fits = tenants.count <= named
        for tenant in tenants.prefix(fits ? named : max(0, named - 1)) {
            let id = tenant.id == tenant.key.name ? [] : ["id \(tenant.id)"]
            let place = add(
                Node(
                    title: tenant.key.name, lines: id + tenant.facts, health: tenant.health, column: .tenants,
                    band: band))
            places[tenant.key] = place
            for target in targets { connect(place, target) }
        }
        guard !fits else { return }
        let rest = tenants.dropFirst(max(0, named - 1))
        let place = add(Node(grouped: rest.map(\.health), "tenants", .tenants, band, more: named > 1))
        for tenant in rest { places[tenant.key] = place }
        for target in targets { connect(place, target) }
    }

    /// The tenants whose view is not there.
    private mutating func drawOrphans(
        _ topology: Topology, _ byView: [ObjectKey: [TenantNode]], _ places: inout [ObjectKey: Int]
    ) {
        let known = Set(topology.views.map(\.key))
        let orphans = topology.tenants.filter { !known.contains($0.view) }
        guard !orphans.isEmpty else { return }
        let band = add(Band(title: "views that do not exist", health: .wrong))
        let place = add(
            Node(title: "no such view", lines: [], health: .wrong, column: .rings, band: band))
        draw(orphans, to: [place], Most.named, band, &places)
    }

    private mutating func draw(_ agents: [AgentNode], _ places: [ObjectKey: Int]) {
        guard !agents.isEmpty else { return }
        let fits = agents.count <= Most.agents
        let shown = agents.prefix(fits ? Most.agents : Most.agents - 1)
        let band = max(0, bands.count - 1)
        for agent in shown {
            let targets = Set(agent.tenants.compactMap { places[$0] }).sorted()
            let pods = agent.ready.map { "\($0) of \(agent.desired ?? "?") ready" }
            let place = add(
                Node(
                    title: "agent \(agent.key)", lines: [pods].compactMap(\.self) + agent.facts, health: agent.health,
                    column: .agents, band: targets.first.map { nodes[$0].band } ?? band))
            for target in targets.prefix(Most.named) { connect(place, target) }
        }
        guard !fits else { return }
        let rest = agents.dropFirst(shown.count)
        let targets = Set(rest.flatMap { $0.tenants.compactMap { places[$0] } }).sorted()
        let place = add(
            Node(
                grouped: rest.map(\.health), "agents", .agents, targets.first.map { nodes[$0].band } ?? band, more: true
            ))
        for target in targets.prefix(Most.agents) { connect(place, target) }
    }
}

extension Graph.Node {
    /// One box for many things.
    fileprivate init(grouped: [NodeHealth], _ what: String, _ column: Graph.Column, _ band: Int, more: Bool = false) {
        let count = HealthCount(grouped)
        self.init(
            title: "\(count.all) \(more ? "more " : "")\(what)", lines: [count.summary],
            health: grouped.max() ?? .unknown, column: column, band: band)
    }
}

extension TenantNode {
    /// A summary of a tenant in a few words.
    fileprivate var facts: [String] {
        if let trouble = troubles.first { return [trouble.reason] }
        return [behind.flatMap { $0 > 0 ? "\($0)s behind" : nil }].compactMap(\.self)
    }
}

extension AgentNode {
    /// A summary of an agent in a few words.
    fileprivate var facts: [String] {
        [troubles.first?.reason, behind.flatMap { $0 > 0 ? "\($0)s behind" : nil }].compactMap(\.self)
    }
}
