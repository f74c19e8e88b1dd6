import Explanations
import Kube

extension Topology {
    /// The most troubles, views, receivers of a ring and workloads of a view that are named; all are counted.
    private static let most = (troubles: 20, views: 50, receivers: 60, parts: 100)

    /// What somebody looks at, bounded whatever the number of tenants.
    package func json(_ query: TopologyQuery) -> JSON {
        let serious = troubles.filter { $0.weight != .note }
        return [
            "summary": [
                "views": HealthCount(views.map(\.health)).json, "tenants": HealthCount(tenants.map(\.health)).json,
                "agents": HealthCount(agents.map(\.health)).json,
            ],
            "troubles": [
                "count": JSON(serious.count), "first": .array(serious.prefix(Self.most.troubles).map(\.brief)),
            ],
            "views": ["count": JSON(views.count), "first": .array(views.prefix(Self.most.views).map { json($0) })],
            "list": list(query),
        ]
    }

    /// Everything, for programs.
    package var json: JSON {
        [
            "views": .array(views.map { json($0, isWhole: true) }), "tenants": .array(tenants.map(\.json)),
            "agents": .array(agents.map(\.json)), "troubles": .array(troubles.map(\.json)),
        ]
    }

    private func list(_ query: TopologyQuery) -> JSON {
        func page<Node>(_ nodes: [Node], _ json: (Node) -> JSON) -> JSON {
            // Entries may have gone since the page before was shown.
            let offset = query.offset < nodes.count ? query.offset : 0
            return [
                "kind": JSON(query.list.rawValue), "count": JSON(nodes.count), "offset": JSON(offset),
                "limit": JSON(query.limit),
                "items": .array(nodes.dropFirst(offset).prefix(query.limit).map(json)),
            ]
        }
        switch query.list {
        case .tenants: return page(query.tenants(of: self)) { $0.json }
        case .agents: return page(query.agents(of: self)) { $0.json }
        }
    }

    private func json(_ view: ViewNode, isWhole: Bool = false) -> JSON {
        [
            "name": JSON(view.key.description), "kind": JSON(view.kind), "health": JSON(view.health.rawValue),
            "troubles": .array(view.troubles.prefix(5).map(\.brief)), "tenants": view.tenants.json,
            "rings": .array(view.rings.map { json($0, isWhole: isWhole) }),
            "parts": .array(view.parts.prefix(isWhole ? .max : Self.most.parts).map(\.json)),
        ]
    }

    private func json(_ ring: RingNode, isWhole: Bool) -> JSON {
        let json: JSON = [
            "name": JSON(ring.name), "soft": .bool(ring.isSoft), "health": JSON(ring.health.rawValue),
            "members": ring.members.map { JSON($0) } ?? .null, "desired": ring.desired.map { JSON($0) } ?? .null,
            "tenants": ring.tenants.json, "worst": .array(ring.worst.map { JSON($0.name) }),
            "receivers": [
                "count": JSON(ring.receivers.count), "summary": HealthCount(ring.receivers.map(\.health)).json,
                "first": .array(ring.receivers.prefix(isWhole ? .max : Self.most.receivers).map(\.json)),
            ],
        ]
        return json.droppingNulls
    }
}

extension Trouble {
    /// The trouble with a message of bounded length.
    fileprivate var brief: JSON {
        var short = self
        if message.utf8.count > 600 { short.message = "\(message.prefix(500))…" }
        return short.json
    }
}

extension HealthCount {
    fileprivate var json: JSON {
        var members: JSON.Members = ["all": JSON(all)]
        for health in NodeHealth.allCases { members[health.rawValue] = JSON(self[health]) }
        return .object(members)
    }
}

extension ReceiverNode {
    fileprivate var json: JSON {
        let json: JSON = [
            "name": JSON(name), "health": JSON(health.rawValue), "note": note.map { JSON($0) } ?? .null,
            "since": since.map { JSON($0) } ?? .null,
        ]
        return json.droppingNulls
    }
}

extension PartNode {
    fileprivate var json: JSON {
        let json: JSON = [
            "role": JSON(role.rawValue), "stage": JSON(role.stage.rawValue), "name": JSON(name),
            "health": JSON(health.rawValue), "ready": ready.map { JSON($0) } ?? .null,
            "desired": desired.map { JSON($0) } ?? .null, "note": note.map { JSON($0) } ?? .null,
        ]
        return json.droppingNulls
    }
}

extension TenantNode {
    fileprivate var json: JSON {
        let json: JSON = [
            "name": JSON(key.description), "id": JSON(id), "view": JSON(view.description),
            "ring": ring.map { JSON($0) } ?? .null, "health": JSON(health.rawValue),
            "troubles": .array(troubles.prefix(5).map(\.brief)),
            "agents": .array(agents.prefix(10).map { JSON($0.description) }), "agentCount": JSON(agents.count),
            "behindSeconds": behind.map { JSON($0) } ?? .null, "lastSample": lastSample.map { JSON($0) } ?? .null,
            "series": series.map { JSON($0) } ?? .null,
        ]
        return json.droppingNulls
    }
}

extension AgentNode {
    fileprivate var json: JSON {
        let json: JSON = [
            "name": JSON(key.description), "health": JSON(health.rawValue),
            "troubles": .array(troubles.prefix(5).map(\.brief)),
            "tenants": .array(tenants.prefix(10).map { JSON($0.description) }), "tenantCount": JSON(tenants.count),
            "behindSeconds": behind.map { JSON($0) } ?? .null, "ready": ready.map { JSON($0) } ?? .null,
            "desired": desired.map { JSON($0) } ?? .null,
        ]
        return json.droppingNulls
    }
}
