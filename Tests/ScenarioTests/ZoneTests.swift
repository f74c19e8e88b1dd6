import Hashring
import Kube
import KubeClient
import LocalCluster
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Zones of receivers in the hashring file, and objects that the operator may not watch.
    @Suite("Zones of receivers", .timeLimit(.minutes(5))) struct ZoneTests {
        @Test(arguments: ClusterKind.available)
        func `A receiver joins once the zone of its node is known, and stays when the node is deleted`(
            kind: ClusterKind
        )
            async throws
        {
            try await Scenario.play(kind) { scenario in
                // All scenarios share the nodes, so their names and their label contain the scenario's namespace.
                let label = "\(scenario.namespace).example.com/rack"
                for number in 0..<3 { scenario.workloads.place("a-\(number)", on: "\(scenario.namespace)-\(number)") }
                func put(_ number: Int, in zone: String?) async throws {
                    try await scenario.client.apply(
                        .nodes,
                        Object(
                            .nodes, name: "\(scenario.namespace)-\(number)",
                            labels: zone.map { [label: $0] } ?? [:], [:]), fieldManager: "kubelet", force: true)
                }
                try await put(0, in: "left")
                try await put(1, in: "right")
                try await put(2, in: nil)
                try await scenario.applyReceivers("a", hashring: "default", 2)
                try await scenario.applyView(
                    Scenario.hashring("default", soft: true, ["zone": ["from": "node", "key": .string(label)]]))
                try await scenario.waitForZones("a-0 left", "a-1 right")
                try await scenario.scale("a", to: 3)
                try await waitUntil("the status says that the zone of a-2 is unknown") {
                    let view = try await scenario.get(GlobalView.resource, "main")
                    let pending = view?.json["status", "hashrings"]?[0]?["pending"]?[0]
                    return pending?["pod"] == "a-2" && pending?["reason"] == "ZoneUnknown"
                }
                try await put(2, in: "left")
                try await scenario.waitForZones("a-0 left", "a-1 right", "a-2 left")
                try await scenario.waitForReady(GlobalView.resource, "main")
                for number in 0..<3 {
                    try await scenario.client.delete(
                        .nodes, ObjectKey(namespace: "", name: "\(scenario.namespace)-\(number)"))
                }
                // A new plan keeps the published zones, although the nodes no longer exist.
                try await scenario.applyTenant("tenant-a")
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                try await waitUntil("the view counts the tenant") {
                    try await scenario.get(GlobalView.resource, "main")?.json["status", "tenants"] == 1
                }
                #expect(scenario.zones == ["a-0 left", "a-1 right", "a-2 left"])
            }
        }

        @Test(arguments: ClusterKind.available)
        func `Zones from EndpointSlices need no access to nodes`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                func slice(_ zones: [String]) async throws {
                    let endpoints = zones.enumerated().map { offset, zone -> JSON in
                        [
                            "addresses": [.string("10.0.0.\(offset + 1)")], "zone": .string(zone),
                            "targetRef": ["kind": "Pod", "name": .string("a-\(offset)")],
                        ]
                    }
                    try await scenario.apply(
                        .endpointSlices, "a-x", labels: ["kubernetes.io/service-name": "a"],
                        ["addressType": "IPv4", "endpoints": .array(endpoints), "ports": []])
                }
                try await slice(["north", "south"])
                try await scenario.applyReceivers("a", hashring: "default", 2)
                try await scenario.applyView(
                    Scenario.hashring("default", soft: true, ["zone": ["from": "endpointSlice"]]))
                try await scenario.waitForZones("a-0 north", "a-1 south")
                try await slice(["north", "east"])
                try await scenario.waitForZones("a-0 north", "a-1 east")
                if scenario.local != nil {
                    let read = scenario.requests(of: "tributary")
                    #expect(read.contains { $0.contains("endpointslices") })
                    #expect(!read.contains { $0.contains("nodes") }, "\(read)")
                }
            }
        }

        @Test func `Receivers that may not be watched are reported, block no other hashring, and join later`()
            async throws
        {
            try await Scenario.play(.local) { scenario in
                let local = try #require(scenario.local)
                local.faults = { request in
                    guard request.userAgent == "tributary", request.resource == "pods",
                        request.query["labelSelector"] == "app.kubernetes.io/instance=b"
                    else { return nil }
                    return .status(APIStatus(httpCode: 403, message: "forbidden by the test"))
                }
                try await scenario.applyReceivers("a", hashring: "default", 2)
                try await scenario.applyReceivers("b", hashring: "hard-0", 1)
                try await scenario.applyTenant("tenant-a", ["hashring": "hard-0"])
                try await scenario.applyView(Scenario.hashring("hard-0"), Scenario.hashring("default", soft: true))
                try await scenario.hashrings.waitFor("default: a-0 a-1")
                try await scenario.waitForReady(GlobalView.resource, "main", "False WatchForbidden")
                try await waitUntil("an Event reports it") {
                    let notes = try await scenario.events("WatchForbidden", about: "main")
                    return notes.contains {
                        $0.contains("may not list and watch pods in namespace \"\(scenario.namespace)\"")
                    }
                }
                local.faults = nil
                try await scenario.hashrings.waitFor("hard-0(tenant-a): b-0", "default: a-0 a-1")
                try await scenario.waitForReady(GlobalView.resource, "main")
                try await scenario.stop(scenario.tributary)
            }
        }

        @Test(.enabled(if: RealAPIServer.assets != nil))
        func `A namespace without permissions is reported, and hashrings of other namespaces work`() async throws {
            try await Scenario.play(.real, startsOperator: false) { scenario in
                let objects = try await Manifests.objects("manifests/namespaced").map {
                    $0.moved(to: scenario.namespace)
                }
                try await Manifests.apply(objects, scenario.client)
                let tributary = scenario.startOperator(as: try await scenario.serviceAccount("tributary"))
                try await scenario.applyReceivers("a", hashring: "default", 2)
                var elsewhere = Scenario.hashring("hard-0")
                elsewhere["adopt", "namespaces"] = ["kube-public"]
                try await scenario.applyTenant("tenant-a", ["hashring": "hard-0"])
                try await scenario.applyView(elsewhere, Scenario.hashring("default", soft: true))
                try await scenario.hashrings.waitFor("default: a-0 a-1")
                let view = try await scenario.waitForReady(GlobalView.resource, "main", "False WatchForbidden")
                let message = view.json["status", "conditions"]?.array?.first { $0["type"] == "Ready" }?["message"]
                #expect(message?.string?.contains("statefulsets.apps in namespace \"kube-public\"") == true)
                try await scenario.stop(tributary)
            }
        }
    }
}

extension Scenario {
    /// The members of the first published hashring, each with its zone.
    fileprivate var zones: [String] {
        guard let text = hashrings.texts.last, let file = try? HashringFile(parsing: text) else { return [] }
        return (file.rings.first?.endpoints ?? []).map { "\($0.address.prefix { $0 != "." }) \($0.zone ?? "-")" }
    }

    /// Waits until the first published hashring has these members and zones.
    fileprivate func waitForZones(_ zones: String...) async throws {
        do {
            try await waitUntil("") { self.zones == zones }
        } catch is WaitingError {
            throw WaitingError(
                description: "the first hashring did not get the members \(zones); published: \(hashrings.texts)")
        }
    }
}
