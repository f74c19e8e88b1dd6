import Kube
import KubeClient
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Tests of an operator that watches all namespaces, each in its own cluster.
    @Suite("Rules in a cluster", .timeLimit(.minutes(3))) struct RuleTests {
        private static func rule(_ namespace: String, _ name: String, _ expression: String) -> Object {
            Object(
                MonitorKind.prometheusRule.resource, namespace: namespace, name: name,
                [
                    "spec": [
                        "groups": [["name": "g", "rules": [["record": "r", "expr": JSON(expression)]]]]
                    ]
                ])
        }

        private static func play(
            _ body: (Scenario, RunningOperator, String) async throws -> Void
        ) async throws {
            try await Scenario.play(.local, startsOperator: false) { scenario in
                let running = scenario.startOperator { $0.namespaces = .all }
                let team = try await scenario.client.create(
                    .namespaces, Object(["metadata": ["generateName": "team-"]])
                ).name
                try await scenario.apply(GlobalView.resource, "main", ["spec": ["prometheus": [:]]])
                try await scenario.applyTenant("tenant-a", ["rules": ["selector": [:], "namespaces": [JSON(team)]]])
                try await body(scenario, running, team)
            }
        }

        private static func apply(_ rule: Object, _ scenario: Scenario) async throws {
            try await scenario.client.apply(
                MonitorKind.prometheusRule.resource, rule, fieldManager: "kubectl", force: true)
        }

        @Test func `The pods for a tenant's rules come with the first PrometheusRule and go with the last one`()
            async throws
        {
            try await Self.play { scenario, _, team in
                try await waitUntil("the status says that there are no PrometheusRules", within: .seconds(60)) {
                    try await !scenario.events("KindNotServed", about: "tenant-a").isEmpty
                }
                try await scenario.install(.prometheusRule)
                try await scenario.waitForReady(Tenant.resource, "tenant-a", within: .seconds(60))
                #expect(try await scenario.get(.deployments, "tenant-a-ruler") == nil)
                try await Self.apply(Self.rule(team, "one", "up"), scenario)
                try await waitUntil("the pods are made", within: .seconds(60)) {
                    try await scenario.get(.deployments, "tenant-a-ruler") != nil
                }
                try await waitUntil("the status counts the group", within: .seconds(60)) {
                    try await scenario.get(Tenant.resource, "tenant-a")?.json["status", "rules", "groups"] == 1
                }
                try await scenario.waitForReady(Tenant.resource, "tenant-a", within: .seconds(60))
                let files = try await scenario.get(.configMaps, "tenant-a-ruler-0")?.json["data"]?.strings ?? [:]
                #expect(files.keys.contains { $0.hasPrefix("\(team)_one_") })
                #expect(try await scenario.get(.secrets, "tenant-a-ruler") != nil)

                try await Self.apply(Self.rule(team, "bad", "sum("), scenario)
                try await waitUntil("an Event on the bad PrometheusRule says why", within: .seconds(60)) {
                    try await scenario.client.list(.events, namespace: team).items.contains {
                        $0.json["reason"] == "RuleGroupRejected" && $0.json["regarding", "name"] == "bad"
                            && $0.json["note"]?.string?.contains("unexpected end of input") == true
                    }
                }
                for name in ["one", "bad"] {
                    try await scenario.client.delete(
                        MonitorKind.prometheusRule.resource, ObjectKey(namespace: team, name: name))
                }
                for (resource, name) in [
                    (Resource.deployments, "tenant-a-ruler"), (.secrets, "tenant-a-ruler"),
                    (.configMaps, "tenant-a-ruler-0"),
                ] {
                    try await scenario.waitUntilGone(resource, name)
                }
                #expect(try await scenario.get(.deployments, "tenant-a-read") != nil)
            }
        }

        @Test(arguments: ClusterKind.available)
        func `An operator of one namespace runs the rules of that namespace`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.install(.prometheusRule)
                let rules: JSON = ["selector": ["matchLabels": ["rules": "platform"]]]
                try await scenario.apply(
                    GlobalView.resource, "main", ["spec": ["prometheus": [:], "rules": rules]])
                try await scenario.applyTenant("tenant-a", ["rules": ["selector": [:]]])
                try await Self.apply(Self.rule(scenario.namespace, "good", "up"), scenario)
                try await Self.apply(Self.rule(scenario.namespace, "bad", "sum("), scenario)
                try await waitUntil("the pods are made", within: .seconds(60)) {
                    try await scenario.get(.deployments, "tenant-a-ruler") != nil
                }
                try await waitUntil("an Event on the bad PrometheusRule says why", within: .seconds(60)) {
                    try await !scenario.events("RuleGroupRejected", about: "bad").isEmpty
                }
                #expect(try await scenario.get(.deployments, "main-rules") == nil)
                try await scenario.patch(
                    MonitorKind.prometheusRule.resource, "good", ["metadata": ["labels": ["rules": "platform"]]])
                try await waitUntil("the platform has its pods as well", within: .seconds(60)) {
                    try await scenario.get(.deployments, "main-rules") != nil
                }
                for name in ["good", "bad"] {
                    try await scenario.client.delete(MonitorKind.prometheusRule.resource, scenario.key(name))
                }
                for name in ["tenant-a-ruler", "main-rules"] {
                    try await scenario.waitUntilGone(.deployments, name)
                    try await scenario.waitUntilGone(.secrets, name)
                }
            }
        }

        @Test func `An operator that starts removes no rules that it has not read yet`() async throws {
            try await Self.play { scenario, running, team in
                try await scenario.install(.prometheusRule)
                try await Self.apply(Self.rule(team, "one", "up"), scenario)
                try await waitUntil("the pods are made", within: .seconds(60)) {
                    try await scenario.get(.deployments, "tenant-a-ruler") != nil
                }
                let before = try await scenario.get(.deployments, "tenant-a-ruler")?.uid
                try await scenario.stop(running)
                scenario.startOperator { $0.namespaces = .all }
                try await Self.apply(Self.rule(team, "two", "up"), scenario)
                try await waitUntil("the new rule is taken in", within: .seconds(60)) {
                    try await scenario.get(.configMaps, "tenant-a-ruler-0")?.json["data"]?.strings.count == 2
                }
                #expect(try await scenario.get(.deployments, "tenant-a-ruler")?.uid == before)
            }
        }

        @Test func `Without rules nobody watches PrometheusRules`() async throws {
            try await Scenario.play(.local, startsOperator: false) { scenario in
                scenario.startOperator { $0.namespaces = .all }
                try await scenario.install(.prometheusRule)
                try await scenario.apply(GlobalView.resource, "main", ["spec": ["prometheus": [:]]])
                try await scenario.applyTenant("tenant-a")
                try await scenario.waitForReady(Tenant.resource, "tenant-a", within: .seconds(60))
                let local = try #require(scenario.local)
                func isWatched() -> Bool {
                    local.requests.contains {
                        $0.verb == "watch" && $0.userAgent == "tributary" && $0.resource.hasPrefix("prometheusrules")
                    }
                }
                #expect(!isWatched())
                try await scenario.applyTenant("tenant-a", ["rules": ["selector": [:]]])
                try await waitUntil("they are watched", within: .seconds(60)) { isWatched() }
            }
        }
    }
}
