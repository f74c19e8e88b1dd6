import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Receivers that Tributary runs.
    @Suite(.timeLimit(.minutes(2))) struct ManagedRings {
        /// The global view `main` with managed rings, the soft one last.
        static func applyView(_ scenario: Scenario, _ rings: [(name: String, replicas: Int)]) async throws {
            let entries = rings.enumerated().map { index, ring -> JSON in
                let entry: JSON = [
                    "name": .string(ring.name), "replicas": JSON(ring.replicas),
                    "soft": index == rings.count - 1 ? true : .null,
                ]
                return entry.droppingNulls
            }
            try await scenario.apply(
                GlobalView.resource, "main",
                ["spec": ["thanos": ["replicationFactor": 2, "hashrings": .array(entries), "query": ["replicas": 1]]]])
        }

        static func replicas(_ scenario: Scenario, _ set: String) async throws -> Int? {
            try await scenario.get(.statefulSets, set)?.json["spec", "replicas"]?.int
        }

        @Test(arguments: ClusterKind.available)
        func `a global view of a few lines has receivers, routers and Thanos Query, and gives all back`(
            kind: ClusterKind
        )
            async throws
        {
            try await Scenario.play(kind) { scenario in
                scenario.workloads.startPods(ready: false)
                try await scenario.applyTenant("tenant-a", ["hashring": "hashring-0"])
                try await scenario.waitForReady(Tenant.resource, "tenant-a", "False GlobalViewNotFound")
                try await Self.applyView(scenario, [("hashring-0", 2), ("default", 3)])
                try await scenario.rings.waitFor(
                    "hashring-0(tenant-a): main-receive-hashring-0-0 main-receive-hashring-0-1",
                    "default: main-receive-default-0 main-receive-default-1 main-receive-default-2")
                try await scenario.waitForReady(GlobalView.resource, "main", "False MembersPending")
                scenario.workloads.startPods(ready: true)
                let view = try await scenario.waitForReady(GlobalView.resource, "main")
                #expect(view.json["status", "hashringSummary"] == "hashring-0 2/2, default 3/3")
                let tenant = try await scenario.waitForReady(Tenant.resource, "tenant-a")
                #expect(
                    tenant.json["status", "writeURL"]?.string
                        == "http://main-receive.\(scenario.namespace).svc:19291/api/v1/receive")
                #expect(
                    try await Set(scenario.made()).isSuperset(of: [
                        "StatefulSet main-receive-hashring-0", "Service main-receive-hashring-0",
                        "PodDisruptionBudget main-receive-hashring-0", "Deployment main-receive",
                        "Service main-receive", "PodDisruptionBudget main-receive", "Deployment main-query",
                        "ServiceAccount main-thanos",
                    ]))
                try await scenario.client.delete(GlobalView.resource, scenario.key("main"))
                for name in ["main-receive-hashring-0", "main-receive-default"] {
                    try await scenario.waitUntilGone(.statefulSets, name)
                    try await scenario.waitUntilGone(.podDisruptionBudgets, name)
                }
                try await scenario.waitUntilGone(.deployments, "main-receive")
            }
        }

        @Test(arguments: ClusterKind.available)
        func `what Tributary runs comes back as it was when somebody changes it`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await Self.applyView(scenario, [("default", 3)])
                try await scenario.waitForReady(GlobalView.resource, "main")
                try await scenario.patch(
                    .services, "main-receive", ["spec": ["selector": ["app.kubernetes.io/component": "other"]]])
                try await waitUntil("the Service leads to the routers again") {
                    try await scenario.get(.services, "main-receive")?.json[
                        "spec", "selector", "app.kubernetes.io/component"] == "receive-router"
                }
                try await scenario.client.delete(.podDisruptionBudgets, scenario.key("main-receive-default"))
                try await waitUntil("the budget is back") {
                    try await scenario.get(.podDisruptionBudgets, "main-receive-default") != nil
                }
                // Who scales it by hand gets more receivers for as long as it takes to see that nobody uses them.
                try await scenario.scale("main-receive-default", to: 2)
                try await waitUntil("there are three again") {
                    try await Self.replicas(scenario, "main-receive-default") == 3
                }
                #expect(scenario.rings.all.allSatisfy { $0.first?.split(separator: " ").count == 4 })
            }
        }
    }
}
