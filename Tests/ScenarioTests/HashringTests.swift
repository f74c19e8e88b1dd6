import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// The hashring file follows the receivers.
    @Suite("The hashring file", .timeLimit(.minutes(5))) struct HashringTests {
        @Test(arguments: ClusterKind.available)
        func `The first file is published before the receivers are ready, because they wait for it`(kind: ClusterKind)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                scenario.workloads.startPods(ready: false)
                try await scenario.applyView(replicationFactor: 2, Scenario.hashring("default", soft: true))
                try await scenario.waitForReady(GlobalView.resource, "main", "False NoReceivers")
                #expect(scenario.hashrings.texts.isEmpty)
                try await scenario.applyReceivers("a", hashring: "default", 3)
                try await scenario.hashrings.waitFor("default: a-0 a-1 a-2")
                // The view is ready only when its receivers are.
                try await scenario.waitForReady(GlobalView.resource, "main", "False MembersPending")
                scenario.workloads.startPods(ready: true)
                try await scenario.waitForReady(GlobalView.resource, "main")
                #expect(scenario.hashrings.all == [["default: a-0 a-1 a-2"]])
            }
        }

        @Test(arguments: ClusterKind.available)
        func `The hashring file follows receivers that are scaled up and down`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("a", hashring: "default", 2)
                try await scenario.applyView(Scenario.hashring("default", soft: true))
                try await scenario.hashrings.waitFor("default: a-0 a-1")
                let view = try await scenario.waitForReady(GlobalView.resource, "main")
                #expect(view.json["status", "hashringSummary"] == "default 2/2")

                // A new receiver joins once it is ready, not before.
                scenario.workloads.startPods(ready: false)
                try await scenario.scale("a", to: 4)
                let pending = try await waitFor("the status lists both pending receivers") { () -> Object? in
                    let view = try await scenario.get(GlobalView.resource, "main")
                    return view?.json["status", "hashrings"]?[0]?["pending"]?.array?.count == 2 ? view : nil
                }
                #expect(pending.json["status", "hashrings"]?[0]?["pending"]?[0]?["reason"] == "NotReady")
                #expect(Scenario.condition("Ready", of: pending) == "False MembersPending")
                scenario.workloads.set("a-3", ready: true)
                try await scenario.hashrings.waitFor("default: a-0 a-1 a-3")
                scenario.workloads.set("a-2", ready: true)
                try await scenario.hashrings.waitFor("default: a-0 a-1 a-2 a-3")

                // A receiver that is scaled down leaves at once, whatever leaveAfter says.
                try await scenario.scale("a", to: 1)
                try await scenario.hashrings.waitFor("default: a-0")
                try await waitUntil("the status has the new summary") {
                    try await scenario.get(GlobalView.resource, "main")?.json["status", "hashringSummary"]
                        == "default 1/1"
                }
                try await scenario.waitForReady(GlobalView.resource, "main")
            }
        }

        @Test(arguments: ClusterKind.available)
        func `An unready receiver stays until leaveAfter is over, and joins again when it is ready`(kind: ClusterKind)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("a", hashring: "default", 3)
                try await scenario.applyView(Scenario.hashring("default", soft: true, ["leaveAfter": "2s"]))
                try await scenario.waitForReady(GlobalView.resource, "main")
                let clock = ContinuousClock()
                let start = clock.now
                scenario.workloads.set("a-1", ready: false, since: .now)
                try await scenario.waitForReady(GlobalView.resource, "main", "False MembersPending")
                #expect(scenario.hashrings.latest == ["default: a-0 a-1 a-2"])
                try await scenario.hashrings.waitFor("default: a-0 a-2")
                // Kubernetes timestamps have a resolution of one second.
                #expect(clock.now - start > .seconds(1))
                scenario.workloads.set("a-1", ready: true)
                try await scenario.hashrings.waitFor("default: a-0 a-1 a-2")
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A receiver whose pod is missing or cannot start leaves the hashring`(kind: ClusterKind)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("a", hashring: "default", 4)
                try await scenario.applyView(Scenario.hashring("default", soft: true, ["leaveAfter": "2s"]))
                try await scenario.waitForReady(GlobalView.resource, "main")
                scenario.workloads.startPods(ready: false)
                scenario.workloads.withhold("a-1")
                let start = ContinuousClock.now
                try await scenario.workloads.delete(pod: "a-1")
                try await scenario.workloads.delete(pod: "a-2")
                // A restart of the operator does not reset leaveAfter.
                try await scenario.waitForReady(GlobalView.resource, "main", "False MembersPending")
                try await scenario.stop(scenario.tributary)
                scenario.startOperator()
                try await waitUntil("both receivers have left") { scenario.hashrings.latest == ["default: a-0 a-3"] }
                #expect(ContinuousClock.now - start > .seconds(1))
                #expect(scenario.hashrings.all.first == ["default: a-0 a-1 a-2 a-3"])
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A rolling restart of receivers does not change the hashring`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("a", hashring: "default", 3)
                try await scenario.applyView(replicationFactor: 2, Scenario.hashring("default", soft: true))
                try await scenario.waitForReady(GlobalView.resource, "main")
                for pod in ["a-2", "a-1", "a-0"] {
                    let uid = scenario.workloads.uid(of: pod)
                    scenario.workloads.set(pod, ready: false)
                    try await scenario.waitForReady(GlobalView.resource, "main", "False MembersPending")
                    try await scenario.workloads.delete(pod: pod)
                    try await waitUntil("\(pod) is recreated") {
                        scenario.workloads.uid(of: pod).map { $0 != uid } ?? false
                    }
                    scenario.workloads.set(pod, ready: true)
                    try await scenario.waitForReady(GlobalView.resource, "main")
                }
                #expect(scenario.hashrings.all == [["default: a-0 a-1 a-2"]])
            }
        }

        @Test(arguments: ClusterKind.available)
        func `StatefulSets of one hashring have a fixed order, whichever exists first`(kind: ClusterKind)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("zone-b", hashring: "default", 2)
                try await scenario.applyView(Scenario.hashring("default", soft: true))
                try await scenario.hashrings.waitFor("default: zone-b-0 zone-b-1")
                try await scenario.applyReceivers("zone-a", hashring: "default", 2)
                try await scenario.hashrings.waitFor("default: zone-a-0 zone-a-1 zone-b-0 zone-b-1")
                try await scenario.applyReceivers("zone-c", hashring: "default", 1)
                try await scenario.hashrings.waitFor("default: zone-a-0 zone-a-1 zone-b-0 zone-b-1 zone-c-0")
                try await scenario.client.delete(.statefulSets, scenario.key("zone-a"))
                try await scenario.hashrings.waitFor("default: zone-b-0 zone-b-1 zone-c-0")
            }
        }

        @Test(arguments: ClusterKind.available)
        func `Hard tenants are listed in their hashrings, and the soft hashring comes last`(kind: ClusterKind)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                for hashring in ["default", "hard-0", "hard-1"] {
                    try await scenario.applyReceivers("on-\(hashring)", hashring: hashring, 1)
                }
                try await scenario.applyView(
                    Scenario.hashring("default", soft: true), Scenario.hashring("hard-1"), Scenario.hashring("hard-0"))
                try await scenario.hashrings.waitFor("default: on-default-0")
                try await scenario.applyTenant("tenant-b", ["hashring": "hard-0"])
                try await scenario.applyTenant("tenant-a", ["hashring": "hard-0", "id": "acme"])
                try await scenario.applyTenant("tenant-c", ["hashring": "hard-1"])
                try await scenario.applyTenant("tenant-d")
                try await scenario.hashrings.waitFor(
                    "hard-1(tenant-c): on-hard-1-0", "hard-0(acme,tenant-b): on-hard-0-0", "default: on-default-0")
                for name in ["tenant-a", "tenant-b", "tenant-c", "tenant-d"] {
                    try await scenario.waitForReady(Tenant.resource, name)
                }
                try await scenario.patch(Tenant.resource, "tenant-c", ["spec": ["hashring": "hard-0"]])
                try await scenario.hashrings.waitFor(
                    "hard-0(acme,tenant-b,tenant-c): on-hard-0-0", "default: on-default-0")
            }
        }

        @Test(arguments: ClusterKind.available)
        func `Receivers that are relabelled move to another hashring`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("a", hashring: "default", 1)
                try await scenario.applyReceivers("b", hashring: "default", 1)
                try await scenario.applyReceivers("c", hashring: "hard-0", 1)
                try await scenario.applyView(Scenario.hashring("hard-0"), Scenario.hashring("default", soft: true))
                try await scenario.applyTenant("tenant-a", ["hashring": "hard-0"])
                let apart = ["hard-0(tenant-a): c-0", "default: a-0 b-0"]
                let moved = ["hard-0(tenant-a): b-0 c-0", "default: a-0"]
                try await scenario.hashrings.waitFor(apart[0], apart[1])
                func move(to hashring: String) async throws {
                    let labels: JSON = ["controller.receive.thanos.io/hashring": .string(hashring)]
                    try await scenario.patch(.statefulSets, "b", ["metadata": ["labels": labels]])
                }
                // Each hashring has its own watch. Neither order of their events may lose the StatefulSet.
                for _ in 0..<3 {
                    try await move(to: "hard-0")
                    try await scenario.hashrings.waitFor(moved[0], moved[1])
                    try await move(to: "default")
                    try await scenario.hashrings.waitFor(apart[0], apart[1])
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A hashring never shrinks below minReplicas, and status and Event say why`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyReceivers("a", hashring: "default", 3)
                try await scenario.applyView(
                    replicationFactor: 2, Scenario.hashring("default", soft: true, ["minReplicas": 3]))
                try await scenario.waitForReady(GlobalView.resource, "main")
                try await scenario.scale("a", to: 1)
                let held = try await scenario.waitForReady(GlobalView.resource, "main", "False HashringHeld")
                #expect(Scenario.condition("Stalled", of: held) == "True HashringHeld")
                let message = held.json["status", "conditions"]?.array?.first { $0["type"] == "Ready" }?["message"]
                #expect(
                    message?.string
                        == "hashring \"default\" keeps its 3 members although a-1, a-2 should leave: fewer would be "
                        + "below minReplicas 3"
                )
                #expect(held.json["status", "hashringSummary"] == "default 3/1")
                try await waitUntil("an Event reports it") {
                    try await scenario.events("HashringHeld", about: "main").contains {
                        $0.contains(message?.string ?? "-")
                    }
                }
                #expect(scenario.hashrings.all == [["default: a-0 a-1 a-2"]])
                try await scenario.scale("a", to: 4)
                try await scenario.waitForReady(GlobalView.resource, "main")
                #expect(scenario.hashrings.all.allSatisfy { $0[0].hasPrefix("default: a-0 a-1 a-2") })
            }
        }
    }
}
