import Kube

@testable import Explanations
@testable import Topology

/// A platform of some tenants, some of which are not as they should be.
enum SampleTopology {
    static let main = ObjectKey(namespace: "metrics", name: "main")

    private static func trouble(
        _ weight: Trouble.Weight, _ kind: String, _ key: ObjectKey, _ reason: String, _ message: String, minutes: Int64
    ) -> Trouble {
        Trouble(
            weight: weight, kind: kind, key: key, reason: reason, message: message,
            since: Timestamp(seconds: Timestamp.now.seconds - minutes * 60))
    }

    private static func metrics(_ name: String) -> ObjectKey { ObjectKey(namespace: "metrics", name: name) }

    static var platform: Topology {
        let silent = trouble(
            .wrong, "Tenant", metrics("tenant-b"), "Silent",
            "Receiving is False: its newest sample came 26 minutes ago, and others still arrive", minutes: 21)
        let lost = trouble(
            .wrong, "PrometheusAgent", ObjectKey(namespace: "edge", name: "box-44"), "HostNotFound",
            "Delivering is False: metrics.example.org: no such host", minutes: 46)
        let pending = trouble(
            .progress, "GlobalView", main, "MembersPending", "waiting for main-receive-default-2 of default (NotReady)",
            minutes: 6)
        var topology = Topology()
        topology.tenants = tenants(silent)
        topology.agents = [
            AgentNode(
                key: lost.key, tenants: [metrics("tenant-b")], health: .wrong, troubles: [lost], behind: 1500, ready: 1,
                desired: "1x1")
        ]
        topology.agents += (0..<5).map { number in
            AgentNode(
                key: ObjectKey(namespace: "edge", name: "box-\(number)"), tenants: [metrics("tenant-a")], health: .ok,
                troubles: [], behind: 0, ready: 2, desired: "1x2")
        }
        topology.troubles = Trouble.sorted([silent, lost, pending])
        topology.views = [view(pending), external]
        return topology
    }

    private static func tenants(_ silent: Trouble) -> [TenantNode] {
        var tenants = [
            TenantNode(
                key: silent.key, id: "tenant-b", view: main, ring: "hard", health: .wrong, troubles: [silent],
                agents: [ObjectKey(namespace: "edge", name: "box-44")], behind: 1500,
                lastSample: Timestamp(seconds: Timestamp.now.seconds - 1560).description, series: 0),
            TenantNode(
                key: metrics("tenant-k"), id: "k-9b", view: main, ring: "default", health: .waiting,
                troubles: [
                    trouble(
                        .progress, "Tenant", metrics("tenant-k"), "WaitingForPods", "0 of 1 pods are ready", minutes: 1)
                ], agents: [], behind: nil, lastSample: nil, series: nil),
        ]
        tenants += ["a", "c", "d", "e", "f", "g", "h", "i", "j"].enumerated().map { number, letter in
            TenantNode(
                key: metrics("tenant-\(letter)"), id: "tenant-\(letter)", view: number < 7 ? main : external.key,
                ring: number < 7 ? number == 0 ? "hard" : "default" : nil, health: number == 8 ? .unknown : .ok,
                troubles: [], agents: [ObjectKey(namespace: "edge", name: "box-\(number)")], behind: 0,
                lastSample: "now",
                series: 1000 * (number + 1))
        }
        return tenants
    }

    private static func view(_ pending: Trouble) -> ViewNode {
        func receivers(_ ring: String, _ count: Int) -> [ReceiverNode] {
            (0..<count).map { ReceiverNode(name: "main-receive-\(ring)-\($0)", health: .ok) }
        }
        var soft = receivers("default", 4)
        let late = ReceiverNode(
            name: soft.remove(at: 2).name, health: .waiting, note: "waits to join or to leave: NotReady",
            since: pending.since?.description)
        return ViewNode(
            key: main, kind: "thanos", health: .waiting, troubles: [pending],
            rings: [
                RingNode(
                    name: "hard", isSoft: false, health: .ok, members: 2, desired: 2, receivers: receivers("hard", 2),
                    tenants: HealthCount([.wrong, .ok]), worst: [metrics("tenant-b")]),
                RingNode(
                    name: "default", isSoft: true, health: .waiting, members: 3, desired: 4, receivers: [late] + soft,
                    tenants: HealthCount([.waiting, .ok, .ok, .ok, .ok, .ok, .ok]), worst: [metrics("tenant-k")]),
            ],
            parts: [
                part(.gateway, "main-gateway", 2, 2), part(.router, "main-receive", 2, 2),
                PartNode(
                    role: .store, name: "main-store", health: .wrong, ready: 0, desired: 1,
                    note: "main-store-0: container store exited with code 1 (restarts: 4)"),
                part(.compactor, "main-compact", 1, 1), part(.query, "main-query", 2, 2),
                part(.frontend, "main-query-frontend", 2, 2),
            ], tenants: HealthCount([.wrong, .waiting] + Array(repeating: .ok, count: 7)))
    }

    private static func part(_ role: ViewRole, _ name: String, _ ready: Int, _ desired: Int) -> PartNode {
        PartNode(role: role, name: name, health: .ok, ready: ready, desired: desired)
    }

    private static let external = ViewNode(
        key: metrics("archive"), kind: "external", health: .ok, troubles: [], rings: [],
        parts: [PartNode(role: .external, name: "mimir.example.org", health: .unknown)],
        tenants: HealthCount([.ok, .unknown]))
}
