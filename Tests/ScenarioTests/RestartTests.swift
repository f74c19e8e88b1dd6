import Kube
import KubeClient
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// A restart of the operator beside everything that it can make.
    @Suite("Restarts", .timeLimit(.minutes(5))) struct RestartTests {
        /// What is applied: views, tenants and agents.
        private static let resources = 10

        @Test(arguments: ClusterKind.available)
        func `An operator that restarts beside agents, rings, tenants, rules and a gateway writes nothing`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                try await Self.setUp(scenario)
                try await scenario.tributary.settle(after: Self.resources)
                try await scenario.stop(scenario.tributary)
                let before = try await scenario.versions()
                scenario.local?.clearRequests()
                let restarted = scenario.startOperator()
                try await restarted.settle(after: Self.resources)
                #expect(restarted.writes == 0, "\(restarted.writtenAnswers)")
                // A watch of a kind that is not served is a GET of nothing.
                let requests = scenario.requests(of: "tributary").filter {
                    !$0.hasPrefix("watch") && !$0.hasPrefix("list") && $0 != "get "
                }
                #expect(requests == [])
                #expect(try await scenario.versions() == before)
            }
        }

        private static func setUp(_ scenario: Scenario) async throws {
            try await scenario.install(.serviceMonitor, .prometheusRule)
            try await scenario.applyReceivers("a", hashring: "default", 3)
            try await scenario.applyReceivers("b", hashring: "hard-0", 1)
            try await scenario.apply(
                GlobalView.resource, "main",
                [
                    "spec": [
                        "thanos": [
                            "replicationFactor": 1,
                            "hashrings": [Scenario.hashring("hard-0"), Scenario.hashring("default", soft: true)],
                            "query": ["url": .string("http://thanos-query.\(scenario.namespace).svc:9090")],
                            "writeURL": .string(
                                "http://thanos-receive.\(scenario.namespace).svc:19291/api/v1/receive"),
                        ], "gateway": [:],
                    ]
                ])
            try await scenario.apply(
                GlobalView.resource, "central", ["spec": ["prometheus": [:], "rules": ["selector": [:]]]])
            try await scenario.apply(
                GlobalView.resource, "managed",
                [
                    "spec": [
                        "thanos": [
                            "replicationFactor": 1, "query": ["replicas": 1],
                            "hashrings": [["name": "default", "replicas": 2, "soft": true]],
                        ]
                    ]
                ])
            let agent: JSON = ["namespace": .string(scenario.namespace), "name": "cluster"]
            try await scenario.applyTenant("tenant-a", ["hashring": "hard-0", "agents": [agent]])
            try await scenario.applyTenant("tenant-b")
            let ofCentral: JSON = ["name": "central"]
            try await scenario.applyTenant("tenant-c", ["globalViewRef": ofCentral, "rules": ["selector": [:]]])
            try await scenario.applyTenant("tenant-d", ["globalViewRef": ["name": "managed"]])
            let rule = MonitorKind.prometheusRule.resource
            try await scenario.apply(
                rule, "one", ["spec": ["groups": [["name": "g", "rules": [["record": "r", "expr": "up"]]]]]])
            try await scenario.apply(
                .secrets, "credentials", ["stringData": ["token": "t"]])
            try await scenario.applyMonitor("web")
            try await scenario.applyMonitor("api", Scenario.tokenEndpoint)
            try await scenario.applyAgent(["tenantRef": ["name": "tenant-a"], "remoteWrite": .null])
            try await scenario.applyAgent(["shards": 2, "replicas": 2], name: "edge")
            // Its monitors need no Secrets.
            try await scenario.applyMonitor("plain", labels: ["needs": "nothing"])
            try await scenario.applyAgent(
                ["serviceMonitorSelector": ["matchLabels": ["needs": "nothing"]]], name: "plain")
            for name in ["main", "central", "managed"] {
                try await scenario.waitForReady(GlobalView.resource, name, within: .seconds(60))
            }
            for name in ["tenant-a", "tenant-b", "tenant-c", "tenant-d"] {
                try await scenario.waitForReady(Tenant.resource, name, within: .seconds(60))
            }
            for name in ["cluster", "edge", "plain"] {
                try await scenario.waitForReady(PrometheusAgent.resource, name, within: .seconds(60))
            }
        }
    }
}
