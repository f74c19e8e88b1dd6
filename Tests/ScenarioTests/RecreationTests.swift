import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Edits that need a new StatefulSet, because Kubernetes allows no update of these fields.
    @Suite("Recreation of StatefulSets", .timeLimit(.minutes(5))) struct RecreationTests {
        private static func applyAgent(_ scenario: Scenario, _ more: JSON) async throws {
            var spec: JSON = [
                "scrapeConfigs": [["job_name": "app", "static_configs": [["targets": ["localhost:1"]]]]],
                "remoteWrite": [["name": "central", "url": "https://central.example.org/write"]],
            ]
            for (key, value) in more.object ?? [:] { spec[key] = value }
            try await scenario.apply(PrometheusAgent.resource, "cluster", ["spec": spec])
            try await scenario.waitForReady(PrometheusAgent.resource, "cluster")
        }

        private static func size(_ set: Object?) -> String? {
            set?.json["spec", "volumeClaimTemplates"]?[0]?["spec", "resources", "requests", "storage"]?.string
        }

        /// Waits until a StatefulSet is recreated and has adopted its pods, which have to be the same as before.
        private static func waitForAnother(
            _ set: String, than old: Object?, with uids: [String: String?], _ scenario: Scenario
        ) async throws -> Object {
            let new = try await waitFor("\(set) is recreated") {
                let found = try await scenario.get(.statefulSets, set)
                return found?.uid == old?.uid ? nil : found
            }
            for (pod, uid) in uids {
                try await waitUntil("\(pod) is adopted") {
                    try await scenario.get(.pods, pod)?.ownerReferences.first?.uid == new.uid
                }
                #expect(try await scenario.get(.pods, pod)?.uid == uid, "\(pod) stays the same")
            }
            return new
        }

        private static func pods(_ scenario: Scenario, _ names: String...) -> [String: String?] {
            Dictionary(uniqueKeysWithValues: names.map { ($0, scenario.workloads.uid(of: $0)) })
        }

        @Test(arguments: ClusterKind.available)
        func `An agent whose storage or pod management changes gets a new StatefulSet with the same pods`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                try await Self.applyAgent(scenario, ["replicas": 2, "storage": ["size": "1Gi"]])
                let uids = Self.pods(scenario, "cluster-agent-0", "cluster-agent-1")
                try #require(uids.values.allSatisfy { $0 != nil })
                let first = try #require(try await scenario.get(.statefulSets, "cluster-agent"))

                try await scenario.patch(
                    PrometheusAgent.resource, "cluster", ["spec": ["storage": ["size": "2Gi", "className": "fast"]]])
                let second = try await Self.waitForAnother("cluster-agent", than: first, with: uids, scenario)
                #expect(Self.size(second) == "2Gi")
                try await scenario.waitForReady(PrometheusAgent.resource, "cluster")

                try await scenario.patch(
                    PrometheusAgent.resource, "cluster", ["spec": ["podManagementPolicy": "OrderedReady"]])
                let third = try await Self.waitForAnother("cluster-agent", than: second, with: uids, scenario)
                #expect(third.json["spec", "podManagementPolicy"] == "OrderedReady")
                #expect(Self.size(third) == "2Gi")
                try await scenario.waitForReady(PrometheusAgent.resource, "cluster")
                for field in ["volumeClaimTemplates", "podManagementPolicy"] {
                    try await waitUntil("an Event reports the recreation for \(field)") {
                        try await scenario.events("StatefulSetRecreated", about: "cluster").contains {
                            $0
                                == "StatefulSet \(scenario.namespace)/cluster-agent is recreated to change its \(field), which "
                                + "cannot be changed in place; its pods keep running, and existing claims stay as they are"
                        }
                    }
                }
                #expect(try await scenario.events("ApplyRefused", about: "cluster") == [])

                // Other fields are changed in place.
                try await scenario.patch(PrometheusAgent.resource, "cluster", ["spec": ["replicas": 1]])
                try await waitUntil("the StatefulSet has one replica") {
                    try await scenario.get(.statefulSets, "cluster-agent")?.json["spec", "replicas"] == 1
                }
                #expect(try await scenario.get(.statefulSets, "cluster-agent")?.uid == third.uid)
            }
        }

        @Test(arguments: ClusterKind.available)
        func `An agent that gets storage later has an Event that says which pods to delete`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                try await Self.applyAgent(scenario, [:])
                let uids = Self.pods(scenario, "cluster-agent-0")
                let first = try await scenario.get(.statefulSets, "cluster-agent")
                try await scenario.patch(
                    PrometheusAgent.resource, "cluster", ["spec": ["storage": ["size": "1Gi"]]])
                let second = try await Self.waitForAnother("cluster-agent", than: first, with: uids, scenario)
                #expect(Self.size(second) == "1Gi")
                let note = try await waitFor("an Event reports it") {
                    try await scenario.events("StatefulSetRecreated", about: "cluster").first
                }
                #expect(
                    note.contains("until they are deleted: kubectl delete pod -n \(scenario.namespace) -l app.kuber"),
                    "\(note)")
                let selector = try #require(note.split(separator: " -l ").last)
                let pods = try await scenario.client.list(
                    .pods, namespace: scenario.namespace, ListQuery(labelSelector: String(selector)))
                #expect(pods.items.map(\.name) == ["cluster-agent-0"])
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A shard that drains keeps its StatefulSet and its volumes, whatever is edited`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                try await Self.applyAgent(scenario, ["shards": 2, "storage": ["size": "1Gi"]])
                let (remaining, removed) = ("cluster-agent", "cluster-agent-shard-1")
                let uids = Self.pods(scenario, "\(remaining)-0", "\(removed)-0")
                let first = try await scenario.get(.statefulSets, remaining)
                let draining = try await scenario.get(.statefulSets, removed)
                try await scenario.patch(
                    PrometheusAgent.resource, "cluster", ["spec": ["shards": 1, "storage": ["size": "2Gi"]]])
                _ = try await Self.waitForAnother(
                    remaining, than: first, with: uids.filter { $0.key == "\(remaining)-0" }, scenario)
                try await waitUntil("the other shard is marked as draining") {
                    try await scenario.get(.statefulSets, removed)?.annotations["tributary.dev/draining-since"] != nil
                }
                try await scenario.waitForReady(PrometheusAgent.resource, "cluster")
                let still = try await scenario.get(.statefulSets, removed)
                #expect(still?.uid == draining?.uid)
                #expect(Self.size(still) == "1Gi")
                #expect(try await scenario.get(.pods, "\(removed)-0")?.uid == uids["\(removed)-0"] ?? nil)
                #expect(try await scenario.events("ApplyRefused", about: "cluster") == [])
                try await scenario.patch(PrometheusAgent.resource, "cluster", ["spec": ["drainTimeout": "0s"]])
                try await scenario.waitUntilGone(.statefulSets, removed)
            }
        }

        @Test(arguments: ClusterKind.available)
        func `The central Prometheus gets a new StatefulSet for other storage, but receivers do not`(kind: ClusterKind)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                func apply(_ size: String) async throws {
                    try await scenario.apply(
                        GlobalView.resource, "central", ["spec": ["prometheus": ["storage": ["size": JSON(size)]]]])
                    try await scenario.apply(
                        GlobalView.resource, "main",
                        [
                            "spec": [
                                "thanos": [
                                    "hashrings": [
                                        [
                                            "name": "default", "soft": true, "replicas": 1,
                                            "storage": ["size": JSON(size)],
                                        ]
                                    ], "query": ["replicas": 1],
                                ]
                            ]
                        ])
                }
                try await apply("1Gi")
                try await scenario.waitForReady(GlobalView.resource, "main")
                try await scenario.waitForReady(GlobalView.resource, "central")
                let (central, receivers) = ("central-prometheus", "main-receive-default")
                let uids = Self.pods(scenario, "\(central)-0")
                let before = try await scenario.get(.statefulSets, central)
                let old = try await scenario.get(.statefulSets, receivers)
                let file = scenario.hashrings.texts
                try await apply("2Gi")
                let new = try await Self.waitForAnother(central, than: before, with: uids, scenario)
                #expect(Self.size(new) == "2Gi")
                try await scenario.waitForReady(GlobalView.resource, "central")
                try await scenario.waitForReady(GlobalView.resource, "main", "False ApplyRefused")
                let still = try #require(try await scenario.get(.statefulSets, receivers))
                #expect(still.uid == old?.uid && Self.size(still) == "1Gi" && !still.isBeingDeleted)
                #expect(scenario.hashrings.texts == file)
            }
        }
    }
}
