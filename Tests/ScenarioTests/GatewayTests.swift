import Kube
import KubeClient
import PlanningInput
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Global views with a gateway.
    @Suite("Gateways", .timeLimit(.minutes(5))) struct GatewayTests {
        private static func applyView(_ scenario: Scenario, _ more: JSON.Members = [:]) async throws {
            var spec: JSON = [
                "external": [
                    "writeURL": "https://mimir.example.org/push", "queryURL": "https://mimir.example.org/prometheus",
                    "tenantHeader": "X-Scope-OrgID",
                ],
                "gateway": ["limits": ["requestsPerSecond": 50, "maxBodySize": "8Mi"]],
            ]
            for (name, value) in more { spec[name] = value }
            try await scenario.apply(GlobalView.resource, "main", ["spec": spec])
        }

        @Test(arguments: ClusterKind.available)
        func `A view with a gateway gets its objects, and shows the addresses outside of the cluster`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                scenario.workloads.hold(deployment: "main-gateway")
                try await Self.applyCertificates(scenario)
                try await Self.applyView(
                    scenario,
                    [
                        "gateway": [
                            "tls": ["secretName": "gateway-tls"],
                            "authentication": [
                                "clientCertificates": ["caSecretRef": ["name": "tenants-ca", "key": "ca.crt"]]
                            ],
                        ],
                        "ingress": [
                            "host": "metrics.example.org", "path": "/metrics", "className": "nginx",
                            "annotations": ["nginx.ingress.kubernetes.io/ssl-passthrough": "true"],
                            "tls": ["secretName": "metrics-tls"],
                        ],
                    ])
                try await scenario.applyTenant("tenant-a")
                try await scenario.waitForReady(GlobalView.resource, "main", "False WaitingForPods")
                scenario.workloads.release(deployment: "main-gateway")
                try await scenario.waitForReady(GlobalView.resource, "main")
                #expect(
                    try await Set(scenario.made()).isSuperset(of: [
                        "Secret main-gateway", "Secret main-gateway-tenants-00", "Deployment main-gateway",
                        "Service main-gateway", "PodDisruptionBudget main-gateway", "Ingress main-gateway",
                    ]))
                let tenant = try await waitFor("the tenant has its addresses") { () -> Object? in
                    let tenant = try await scenario.get(Tenant.resource, "tenant-a")
                    return tenant?.json["status", "readURL"] == nil ? nil : tenant
                }
                #expect(tenant.json["status", "readURL"] == "https://metrics.example.org/metrics/tenants/read")
                #expect(tenant.json["status", "writeURL"] == "https://metrics.example.org/metrics/tenants/write")

                let deployment = try #require(try await scenario.get(.deployments, "main-gateway"))
                let template = deployment.json["spec", "template"]
                try await Self.expectRestricted(template, scenario)
                // Another tenant changes the configuration and no pod.
                let before = try await scenario.get(.secrets, "main-gateway-tenants-00")?.json["data"]
                try await scenario.applyTenant("tenant-b")
                try await waitUntil("the configuration has the tenant") {
                    try await scenario.get(.secrets, "main-gateway-tenants-00")?.json["data"] != before
                }
                let after = try await scenario.get(.deployments, "main-gateway")
                #expect(after?.json["spec", "template"] == template)

                // Without the gateway, everything goes that was made for it.
                try await scenario.apply(
                    GlobalView.resource, "main",
                    ["spec": ["external": ["writeURL": "https://mimir.example.org/push"]]])
                try await scenario.waitUntilGone(.deployments, "main-gateway")
                try await scenario.waitUntilGone(.secrets, "main-gateway")
                try await scenario.waitUntilGone(.ingresses, "main-gateway")
            }
        }

        /// Applies the Secrets `gateway-tls` and `tenants-ca`; returns what the first one holds.
        @discardableResult
        private static func applyCertificates(_ scenario: Scenario) async throws -> JSON {
            let directory = try TemporaryDirectory()
            defer { directory.remove() }
            let authority = try await CertificateAuthority.make(in: directory, "ca")
            let own = try await authority.issue("own", subject: "/CN=gateway", server: true)
            func base64(_ path: String) throws -> JSON {
                JSON(Base64.encode(try TemporaryDirectory.read(path).utf8))
            }
            let pair: JSON = ["tls.crt": try base64("\(own).crt"), "tls.key": try base64("\(own).key")]
            try await scenario.apply(.secrets, "gateway-tls", ["type": "kubernetes.io/tls", "data": pair])
            try await scenario.apply(.secrets, "tenants-ca", ["data": ["ca.crt": try base64(authority.certificate)]])
            return pair
        }

        @Test(arguments: ClusterKind.available)
        func `A certificate that does not parse stalls the view, with an Event, until it is right again`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                let pair = try await Self.applyCertificates(scenario)
                try await Self.applyView(scenario, ["gateway": ["tls": ["secretName": "gateway-tls"]]])
                try await scenario.waitForReady(GlobalView.resource, "main", within: .seconds(60))
                var broken = pair
                broken["tls.crt"] = JSON(Base64.encode("nonsense".utf8))
                try await scenario.apply(.secrets, "gateway-tls", ["type": "kubernetes.io/tls", "data": broken])
                let view = try await scenario.waitForReady(
                    GlobalView.resource, "main", "False CertificateInvalid", within: .seconds(60))
                #expect(Scenario.condition("Stalled", of: view) == "True CertificateInvalid")
                let message = view.json["status", "conditions"]?.text() ?? ""
                #expect(message.contains("of Secret \(scenario.namespace)/gateway-tls: contains no PEM block"))
                try await waitUntil("there is an Event") {
                    try await !scenario.events("CertificateInvalid", about: "main").isEmpty
                }
                // Everybody else goes on.
                try await scenario.applyTenant("tenant-a")
                try await scenario.waitForReady(Tenant.resource, "tenant-a", within: .seconds(60))
                try await scenario.apply(.secrets, "gateway-tls", ["type": "kubernetes.io/tls", "data": pair])
                try await scenario.waitForReady(GlobalView.resource, "main", within: .seconds(60))
            }
        }

        /// Expects that a namespace with the restricted Pod Security Standard takes pods of a template.
        private static func expectRestricted(_ template: JSON?, _ scenario: Scenario) async throws {
            guard scenario.kind == .real else { return }
            let restricted = Object(
                .namespaces, name: "\(scenario.namespace)-restricted",
                labels: ["pod-security.kubernetes.io/enforce": "restricted"])
            try await scenario.client.create(.namespaces, restricted)
            func create(_ spec: JSON?) async throws {
                let pod = Object(
                    .pods, namespace: restricted.name, name: "gateway",
                    labels: template?["metadata", "labels"]?.strings ?? [:], ["spec": spec ?? .null])
                try await scenario.client.create(.pods, pod, WriteOptions(dryRun: true))
            }
            try await create(template?["spec"])
            var root = template?["spec"] ?? [:]
            root["securityContext", "runAsNonRoot"] = false
            await #expect(throws: APIStatus.self, "the namespace is restricted") { try await create(root) }
        }

        private static let annotation = "tributary.dev/volumes-changed"

        @Test(arguments: ClusterKind.available)
        func `The pods of a gateway are annotated after each change of its configuration, and once for a burst`(
            kind: ClusterKind
        )
            async throws
        {
            try await Scenario.play(kind) { scenario in
                let labels = [
                    "app.kubernetes.io/name": "nginx", "app.kubernetes.io/component": "gateway",
                    "app.kubernetes.io/instance": "main", "app.kubernetes.io/managed-by": "tributary",
                ]
                try await scenario.apply(
                    .pods, "gateway-0", labels: labels,
                    ["spec": ["containers": [["name": "nginx", "image": "nginx"]]]])
                func told() async throws -> String? {
                    try await scenario.get(.pods, "gateway-0")?.annotations[Self.annotation]
                }
                try await Self.applyView(scenario)
                try await scenario.applyTenant("tenant")
                let first = try await waitFor("the pod is annotated") { try await told() }
                var values: Set = [first]
                for number in 0..<10 {
                    try await scenario.applyTenant("tenant-\(number)")
                    if let value = try await told() { values.insert(value) }
                }
                try await waitUntil("the pod has the newest annotation") {
                    guard let value = try await told() else { return false }
                    let isNew = !values.contains(value)
                    values.insert(value)
                    return isNew
                }
                #expect(values.count <= 4, "\(values)")
                try await scenario.waitForReady(GlobalView.resource, "main")
            }
        }

        @Test func `An HTTPRoute appears once the Gateway API is installed, and until then the status says so`()
            async throws
        {
            try await Scenario.play(.local) { scenario in
                try await Self.applyView(
                    scenario, ["httpRoute": ["host": "metrics.example.org", "parentRefs": [["name": "front"]]]])
                try await scenario.waitForReady(GlobalView.resource, "main", "False KindNotServed")
                #expect(try await scenario.get(.deployments, "main-gateway") != nil)
                try await scenario.client.create(
                    .customResourceDefinitions, Resource.httpRoutes.looseDefinition)
                try await scenario.waitForReady(GlobalView.resource, "main", within: .seconds(60))
                let route = try #require(try await scenario.get(.httpRoutes, "main-gateway"))
                #expect(route.json["spec", "hostnames"] == ["metrics.example.org"])
                try await Self.applyView(scenario)
                try await scenario.waitUntilGone(.httpRoutes, "main-gateway")
            }
        }

        /// LocalCluster evaluates no rules of schemas, so there the operator refuses the view.
        @Test(arguments: ClusterKind.available)
        func `An Ingress without a gateway is refused for Thanos and external services`(kind: ClusterKind) async throws
        {
            try await Scenario.play(kind) { scenario in
                for backend: JSON.Members in [
                    ["thanos": [:]], ["external": ["writeURL": "https://mimir.example.org/push"]],
                ] {
                    var spec = backend
                    spec["ingress"] = ["host": "metrics.example.org"]
                    let message: String?
                    if kind == .real {
                        message = await #expect(throws: APIStatus.self) {
                            try await scenario.apply(GlobalView.resource, "main", ["spec": .object(spec)])
                        }?.message
                    } else {
                        try await scenario.apply(GlobalView.resource, "main", ["spec": .object(spec)])
                        let view = try await scenario.waitForReady(GlobalView.resource, "main", "False InvalidSpec")
                        message = view.json["status", "conditions"]?.text()
                    }
                    #expect(message?.contains("spec.ingress") == true)
                    #expect(message?.contains("unless the view has") == true)
                }
            }
        }
    }
}
