import Hashring
import Kube
import KubeClient
import LocalCluster
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// The hashring file says in which zones receivers are, and what may not be watched holds up nobody else.
    @Suite(.timeLimit(.minutes(2))) struct Zones {
        @Test(arguments: ClusterKind.available)
        func `a receiver joins once its node's zone is known, and a node that is gone moves nobody`(kind: ClusterKind)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                // Nodes are everybody's, so they are named for the scenario, and so is their label.
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
                try await scenario.applyReceivers("a", ring: "default", 2)
                try await scenario.applyView(
                    Scenario.ring("default", soft: true, ["zone": ["from": "node", "key": .string(label)]]))
                try await scenario.waitForZones("a-0 left", "a-1 right")
                try await scenario.scale("a", to: 3)
                try await waitUntil("the status says what a-2 waits for") {
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
                // The others follow on as before: whoever is planned now has no zone to go by.
                try await scenario.applyTenant("tenant-a")
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                try await waitUntil("the view counts the tenant") {
                    try await scenario.get(GlobalView.resource, "main")?.json["status", "tenants"] == 1
                }
                #expect(scenario.zones == ["a-0 left", "a-1 right", "a-2 left"])
            }
        }

        @Test(arguments: ClusterKind.available)
        func `EndpointSlices tell zones without a look at nodes`(kind: ClusterKind) async throws {
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
                try await scenario.applyReceivers("a", ring: "default", 2)
                try await scenario.applyView(
                    Scenario.ring("default", soft: true, ["zone": ["from": "endpointSlice"]]))
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

        @Test func `receivers that may not be watched are told of, hold up no other ring, and come back`() async throws
        {
            try await Scenario.play(.local) { scenario in
                let local = try #require(scenario.local)
                local.faults = { request in
                    guard request.userAgent == "tributary", request.resource == "pods",
                        request.query["labelSelector"] == "app.kubernetes.io/instance=b"
                    else { return nil }
                    return .status(APIStatus(httpCode: 403, message: "forbidden by the test"))
                }
                try await scenario.applyReceivers("a", ring: "default", 2)
                try await scenario.applyReceivers("b", ring: "hard-0", 1)
                try await scenario.applyTenant("tenant-a", ["hashring": "hard-0"])
                try await scenario.applyView(Scenario.ring("hard-0"), Scenario.ring("default", soft: true))
                try await scenario.rings.waitFor("default: a-0 a-1")
                try await scenario.waitForReady(GlobalView.resource, "main", "False WatchForbidden")
                try await waitUntil("an Event says so") {
                    let notes = try await scenario.events("WatchForbidden", about: "main")
                    return notes.contains {
                        $0.contains("may not list and watch pods in namespace \"\(scenario.namespace)\"")
                    }
                }
                local.faults = nil
                try await scenario.rings.waitFor("hard-0(tenant-a): b-0", "default: a-0 a-1")
                try await scenario.waitForReady(GlobalView.resource, "main")
                try await scenario.stop(scenario.tributary)
            }
        }

        @Test(.enabled(if: RealAPIServer.assets != nil))
        func `a namespace that the operator has no rights in is named, and its own goes on`() async throws {
            try await Scenario.play(.real, startsOperator: false) { scenario in
                let objects = try await Manifests.objects("manifests/namespaced").map {
                    $0.moved(to: scenario.namespace)
                }
                try await Manifests.apply(objects, scenario.client)
                let tributary = scenario.startOperator(as: try await scenario.serviceAccount("tributary"))
                try await scenario.applyReceivers("a", ring: "default", 2)
                var elsewhere = Scenario.ring("hard-0")
                elsewhere["adopt", "namespaces"] = ["kube-public"]
                try await scenario.applyTenant("tenant-a", ["hashring": "hard-0"])
                try await scenario.applyView(elsewhere, Scenario.ring("default", soft: true))
                try await scenario.rings.waitFor("default: a-0 a-1")
                let view = try await scenario.waitForReady(GlobalView.resource, "main", "False WatchForbidden")
                let message = view.json["status", "conditions"]?.array?.first { $0["type"] == "Ready" }?["message"]
                #expect(message?.string?.contains("statefulsets.apps in namespace \"kube-public\"") == true)
                try await scenario.stop(tributary)
            }
        }
    }
}

extension Scenario {
    /// The members of the first ring that is published, each with its zone.
    var zones: [String] {
        guard let text = rings.texts.last, let file = try? HashringFile(parsing: text) else { return [] }
        return (file.rings.first?.endpoints ?? []).map { "\($0.address.prefix { $0 != "." }) \($0.zone ?? "-")" }
    }

    /// Waits until these are the members of the first ring and their zones.
    fileprivate func waitForZones(_ zones: String...) async throws {
        do {
            try await waitUntil("") { self.zones == zones }
        } catch is WaitingError {
            throw WaitingError(description: "waited in vain for \(zones); there were \(rings.texts)")
        }
    }
}
