import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// What a gateway brings with it for reading, and the network policies.
    @Suite("Reads behind a gateway, and network policies", .timeLimit(.minutes(5))) struct SharedReadProxyTests {
        private static func applyView(_ scenario: Scenario, _ spec: JSON) async throws {
            var spec = spec
            spec["gateway"] = [:]
            try await scenario.apply(GlobalView.resource, "main", ["spec": spec])
        }

        private static let thanos: JSON = [
            "hashrings": [["name": "default", "soft": true, "replicas": 1]], "query": ["replicas": 1],
        ]

        @Test(arguments: ClusterKind.available)
        func `The API server accepts every object, and a change of the mode replaces the proxies`(kind: ClusterKind)
            async throws
        {
            try await Scenario.play(kind) { scenario in
                try await Self.applyView(scenario, ["thanos": Self.thanos])
                try await scenario.applyTenant("tenant-a")
                try await scenario.applyTenant("tenant-b", ["read": ["alsoSees": ["tenant-a"]]])
                try await scenario.waitForReady(GlobalView.resource, "main")
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                let shared: Set = [
                    "Deployment main-read-proxy", "Service main-read-proxy", "PodDisruptionBudget main-read-proxy",
                    "Deployment main-query", "Deployment main-query-tenants", "Service main-query-tenants",
                ]
                let policies = [
                    "receivers", "receive", "query", "query-tenants", "read-proxy", "gateway",
                ].map { "NetworkPolicy main-\($0)" }
                let made = Set(try await scenario.made())
                #expect(made.isSuperset(of: shared.union(policies)), "\(made)")
                #expect(!made.contains { $0.hasPrefix("Deployment tenant-") || $0.hasPrefix("Service tenant-") })

                try await Self.applyView(scenario, ["thanos": Self.thanos, "readProxy": ["mode": "PerTenant"]])
                try await scenario.waitUntilGone(.deployments, "main-read-proxy")
                try await scenario.waitUntilGone(.networkPolicies, "main-read-proxy")
                try await waitUntil("each tenant has a proxy and a wall around it") {
                    try await Set(scenario.made()).isSuperset(of: [
                        "Deployment tenant-a-read", "NetworkPolicy tenant-a-read", "Deployment tenant-b-read",
                    ])
                }

                try await Self.applyView(scenario, ["thanos": Self.thanos, "networkPolicies": "None"])
                try await waitUntil("no policy is left") {
                    try await !scenario.made().contains { $0.hasPrefix("NetworkPolicy ") }
                }
                try await scenario.waitUntilGone(.deployments, "tenant-a-read")
                try await scenario.waitForReady(GlobalView.resource, "main")
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A central Prometheus and an external service get their proxy and their policies as well`(
            kind: ClusterKind
        )
            async throws
        {
            try await Scenario.play(kind) { scenario in
                try await Self.applyView(scenario, ["prometheus": ["replicas": 1]])
                try await scenario.applyTenant("tenant-a")
                try await scenario.waitForReady(GlobalView.resource, "main")
                #expect(
                    try await Set(scenario.made()).isSuperset(of: [
                        "Deployment main-read-proxy", "NetworkPolicy main-prometheus", "NetworkPolicy main-relay",
                        "NetworkPolicy main-gateway",
                    ]))
                try await Self.applyView(
                    scenario,
                    [
                        "external": [
                            "writeURL": "https://mimir.example.org/api/v1/push",
                            "queryURL": "https://mimir.example.org/prometheus", "tenantHeader": "X-Scope-OrgID",
                        ]
                    ])
                try await scenario.waitUntilGone(.deployments, "main-read-proxy")
                try await scenario.waitUntilGone(.networkPolicies, "main-prometheus")
                try await scenario.waitForReady(GlobalView.resource, "main")
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
            }
        }
    }
}
