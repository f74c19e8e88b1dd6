/// What somebody looks at: some tenants or agents of all that there are.
package struct TopologyQuery: Sendable, Hashable {
    /// What is listed.
    package enum List: String, Sendable, Hashable, CaseIterable {
        case tenants, agents
    }

    package var list = List.tenants
    /// What their names, their reasons or the names of their view and ring contain; empty for all.
    package var text = ""
    /// How they stand; nil for all.
    package var health: NodeHealth?
    /// The view that they belong to, such as `observability/main`; nil for all.
    package var view: String?
    /// The ring that they belong to; nil for all.
    package var ring: String?
    package var offset = 0
    package var limit = 50

    /// The most entries of an answer.
    package static let mostEntries = 200
    /// The longest text of a parameter, in bytes.
    private static let longest = 300

    /// Everything, from the beginning.
    package init() {}

    /// Reads the query of a URL. What it does not know, and what is too long or no number, counts as absent.
    package init(query: some StringProtocol) {
        for pair in query.split(separator: "&").prefix(16) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[1].utf8.count <= 3 * Self.longest, let value = Self.decoded(parts[1]),
                !value.isEmpty, value.utf8.count <= Self.longest
            else { continue }
            switch parts[0] {
            case "list": list = List(rawValue: value) ?? list
            case "q": text = value.lowercased()
            case "health": health = NodeHealth(rawValue: value)
            case "view": view = value
            case "ring": ring = value
            case "offset": offset = Int(value).map { min(max(0, $0), 1 << 30) } ?? 0
            case "limit": limit = Int(value).map { min(max(1, $0), Self.mostEntries) } ?? limit
            default: break
            }
        }
    }

    /// A part of a URL's query in clear; nil if it is no UTF-8.
    private static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                continue
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension TopologyQuery {
    /// The tenants that it asks for, the worst first.
    func tenants(of topology: Topology) -> [TenantNode] {
        topology.tenants.filter { tenant in
            (health.map { $0 == tenant.health } ?? true) && (view.map { $0 == tenant.view.description } ?? true)
                && (ring.map { $0 == tenant.ring } ?? true)
                && matches(
                    [tenant.key.namespace, tenant.key.name, tenant.id, tenant.view.name, tenant.ring ?? ""],
                    tenant.troubles.map(\.reason))
        }
    }

    /// The agents that it asks for, the worst first. A view and a ring are those of tenants.
    func agents(of topology: Topology) -> [AgentNode] {
        var ofView: Set<String>?
        if view != nil || ring != nil {
            var query = TopologyQuery()
            (query.view, query.ring) = (view, ring)
            ofView = Set(query.tenants(of: topology).map(\.key.description))
        }
        return topology.agents.filter { agent in
            (health.map { $0 == agent.health } ?? true)
                && (ofView.map { keys in agent.tenants.contains { keys.contains($0.description) } } ?? true)
                && matches(
                    [agent.key.namespace, agent.key.name] + agent.tenants.map(\.name), agent.troubles.map(\.reason))
        }
    }

    /// Whether one of some names or reasons contains the text. `namespace/name` is looked for as a whole.
    private func matches(_ names: [String], _ reasons: [String]) -> Bool {
        guard !text.isEmpty else { return true }
        if text.contains("/") { return "\(names[0])/\(names[1])".lowercased().contains(text) }
        return names.contains { $0.lowercased().contains(text) } || reasons.contains { $0.lowercased().contains(text) }
    }
}
