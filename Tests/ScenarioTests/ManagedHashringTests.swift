import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Receivers that Tributary runs.
    @Suite("Managed hashrings", .timeLimit(.minutes(5))) struct ManagedHashringTests {
        /// Applies the global view `main` with managed hashrings, the soft one last.
        static func applyView(
            _ scenario: Scenario, _ hashrings: [(name: String, replicas: Int)], refreshInterval: String? = nil
        ) async throws {
            let entries = hashrings.enumerated().map { index, hashring -> JSON in
                let entry: JSON = [
                    "name": .string(hashring.name), "replicas": JSON(hashring.replicas),
                    "soft": index == hashrings.count - 1 ? true : .null,
                ]
                return entry.droppingNulls
            }
            let thanos: JSON = [
                "replicationFactor": 2, "hashrings": .array(entries), "query": ["replicas": 1],
                "refreshInterval": refreshInterval.map { .string($0) } ?? .null,
            ]
            try await scenario.apply(GlobalView.resource, "main", ["spec": ["thanos": thanos.droppingNulls]])
        }

        static func replicas(_ scenario: Scenario, _ set: String) async throws -> Int? {
            try await scenario.get(.statefulSets, set)?.json["spec", "replicas"]?.int
        }

        @Test(arguments: ClusterKind.available)
        func `A short global view creates receivers, routers and Thanos Query, and its deletion removes them`(
            kind: ClusterKind
        )
            async throws
        {
            try await Scenario.play(kind) { scenario in
                scenario.workloads.startPods(ready: false)
                try await scenario.applyTenant("tenant-a", ["hashring": "hashring-0"])
                try await scenario.waitForReady(Tenant.resource, "tenant-a", "False GlobalViewNotFound")
                try await Self.applyView(scenario, [("hashring-0", 2), ("default", 3)])
                try await scenario.hashrings.waitFor(
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
        func `Tributary reverts changes of the workloads that it runs`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await Self.applyView(scenario, [("default", 3)])
                try await scenario.waitForReady(GlobalView.resource, "main")
                try await scenario.patch(
                    .services, "main-receive", ["spec": ["selector": ["app.kubernetes.io/component": "other"]]])
                try await waitUntil("the Service selects the routers again") {
                    try await scenario.get(.services, "main-receive")?.json[
                        "spec", "selector", "app.kubernetes.io/component"] == "receive-router"
                }
                try await scenario.client.delete(.podDisruptionBudgets, scenario.key("main-receive-default"))
                try await waitUntil("the PodDisruptionBudget exists again") {
                    try await scenario.get(.podDisruptionBudgets, "main-receive-default") != nil
                }
                // A StatefulSet that is scaled by hand is scaled back.
                try await scenario.scale("main-receive-default", to: 2)
                try await waitUntil("there are three replicas again") {
                    try await Self.replicas(scenario, "main-receive-default") == 3
                }
                #expect(scenario.hashrings.all.allSatisfy { $0.first?.split(separator: " ").count == 4 })
            }
        }

        private static func pods(_ hashring: String, _ count: Int) -> [String] {
            (0..<count).map { "main-receive-\(hashring)-\($0)" }
        }

        private static let routers = ["main-receive-0", "main-receive-1"]

        private static func load(_ scenario: Scenario, _ receivers: some Sequence<StandInReceiver>) throws {
            let text = try #require(scenario.hashrings.texts.last)
            for receiver in receivers { receiver.load(text) }
        }

        @Test(arguments: ClusterKind.available)
        func
            `A scale-down changes the file first, and deletes pods only when all receivers have loaded it`(
                kind: ClusterKind
            ) async throws
        {
            try await StandInReceiver.play(kind, for: Self.pods("default", 3) + Self.routers) { scenario, receivers in
                scenario.workloads.startsRouters()
                try await Self.applyView(scenario, [("default", 3)], refreshInterval: "1s")
                try await scenario.hashrings.waitFor("default: \(Self.pods("default", 3).joined(separator: " "))")
                try Self.load(scenario, receivers.values)
                try await scenario.waitForReady(GlobalView.resource, "main")

                try await Self.applyView(scenario, [("default", 2)], refreshInterval: "1s")
                try await scenario.hashrings.waitFor("default: \(Self.pods("default", 2).joined(separator: " "))")
                try await scenario.waitForReady(GlobalView.resource, "main", "False ScaleDownWaiting")
                // One router has not loaded the file yet.
                try Self.load(scenario, receivers.filter { $0.key != "main-receive-1" }.values)
                let view = try await waitFor("the status names only this router") { () -> Object? in
                    let view = try await scenario.get(GlobalView.resource, "main")
                    let conditions = view?.json["status", "conditions"]?.array ?? []
                    let message = conditions.first { $0["type"] == "Ready" }?["message"]?.string ?? ""
                    return message.hasSuffix("waiting for main-receive-1") ? view : nil
                }
                #expect(view.json["status", "hashringSummary"]?.string?.hasPrefix("default 2/2") == true)
                try await scenario.stop(scenario.tributary)
                scenario.startOperator()
                try await scenario.waitForReady(GlobalView.resource, "main", "False ScaleDownWaiting")
                #expect(try await Self.replicas(scenario, "main-receive-default") == 3)
                let clock = ContinuousClock()
                let start = clock.now
                try Self.load(scenario, receivers.values)
                try await waitUntil("the StatefulSet is scaled down") {
                    try await Self.replicas(scenario, "main-receive-default") == 2
                }
                // One refresh interval, and the longest time that a request may take.
                #expect(clock.now - start > .seconds(5))
                try await scenario.waitForReady(GlobalView.resource, "main")
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A renamed hashring takes over its tenants in one change, and the old receivers are deleted last`(
            kind: ClusterKind
        ) async throws {
            let pods = Self.pods("default", 2) + Self.pods("river", 2) + Self.routers
            try await StandInReceiver.play(kind, for: pods) { scenario, receivers in
                try await Self.applyView(scenario, [("default", 2)], refreshInterval: "1s")
                try await scenario.hashrings.waitFor("default: \(Self.pods("default", 2).joined(separator: " "))")
                try Self.load(scenario, receivers.values)
                try await scenario.waitForReady(GlobalView.resource, "main")
                scenario.workloads.startPods(ready: false)
                try await Self.applyView(scenario, [("river", 2)], refreshInterval: "1s")
                try await waitUntil("the new receivers start") {
                    try await Self.replicas(scenario, "main-receive-river") == 2
                }
                scenario.workloads.startPods(ready: true)
                try await scenario.hashrings.waitFor("river: \(Self.pods("river", 2).joined(separator: " "))")
                #expect(scenario.hashrings.all.count == 2, "\(scenario.hashrings.all)")
                try await scenario.waitForReady(GlobalView.resource, "main", "False ScaleDownWaiting")
                for resource in [Resource.statefulSets, .services, .podDisruptionBudgets] {
                    #expect(try await scenario.get(resource, "main-receive-default") != nil)
                }
                try Self.load(scenario, receivers.values)
                for resource in [Resource.statefulSets, .services, .podDisruptionBudgets] {
                    try await scenario.waitUntilGone(resource, "main-receive-default")
                }
                try await scenario.waitForReady(GlobalView.resource, "main")
            }
        }
    }
}
