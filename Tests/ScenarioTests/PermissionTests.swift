import Kube
import KubeClient
import PlanningInput
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// The permissions of the manifests. Every scenario on a real API server runs with them, and fails on the first
    /// 403.
    @Suite("Permissions of the operator", .enabled(if: RealAPIServer.assets != nil), .timeLimit(.minutes(5)))
    struct PermissionTests {
        /// Applies custom resources for which Tributary creates every kind of object.
        static func applyAllKinds(_ scenario: Scenario) async throws {
            try await scenario.apply(
                GlobalView.resource, "main",
                ["spec": ["prometheus": ["replicas": 1], "ingress": ["host": "metrics.example.org"]]])
            try await scenario.applyTenant("tenant-a", ["read": ["allowFrom": [["namespace": "grafana"]]]])
            try await scenario.apply(
                PrometheusAgent.resource, "cluster",
                [
                    "spec": [
                        "tenantRef": ["name": "tenant-a"],
                        "scrapeConfigs": [
                            ["job_name": "pods", "kubernetes_sd_configs": [["role": "pod"]]]
                        ],
                    ]
                ])
        }

        static let made: [(Resource, String)] = [
            (.statefulSets, "main-prometheus"), (.services, "main-prometheus"), (.configMaps, "main-prometheus"),
            (.deployments, "tenant-a-read"), (.networkPolicies, "tenant-a-read"),
            (.configMaps, "tenant-a-datasource"),
        ]

        @Test func `The ClusterRole allows the operator to create and delete all its objects`() async throws {
            try await Scenario.play(.real) { scenario in
                try await Self.applyAllKinds(scenario)
                try await scenario.waitForReady(GlobalView.resource, "main")
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                try await waitUntil("the agent has been reconciled") {
                    Scenario.condition("Ready", of: try await scenario.get(PrometheusAgent.resource, "cluster")) != nil
                }
                let made = try await scenario.made()
                for kind in [
                    "ConfigMap", "Deployment", "Ingress", "NetworkPolicy", "Role", "RoleBinding", "Service",
                    "ServiceAccount", "StatefulSet",
                ] {
                    #expect(made.contains { $0.hasPrefix("\(kind) ") }, "\(kind) was created: \(made)")
                }
                for resource in [PrometheusAgent.resource, Tenant.resource, GlobalView.resource] {
                    for object in try await scenario.client.list(resource, namespace: scenario.namespace).items {
                        try await scenario.client.delete(resource, object.key)
                    }
                }
                try await waitUntil("all objects are deleted") {
                    try await scenario.collectGarbage()
                    return try await scenario.made().isEmpty
                }
            }
        }

        @Test func `The ClusterRole allows the operator to watch all namespaces`() async throws {
            try await Scenario.play(.real, startsOperator: false) { scenario in
                let client = KubeClient(scenario.operatorCluster, logger: quiet)
                for resource in [
                    GlobalView.resource, Tenant.resource, PrometheusAgent.resource, .configMaps, .secrets, .services,
                    .serviceAccounts, .deployments, .statefulSets, .roles, .roleBindings, .ingresses, .networkPolicies,
                    .pods,
                ] {
                    await #expect(throws: Never.self, "list \(resource)") { _ = try await client.list(resource) }
                    await #expect(throws: Never.self, "watch \(resource)") { _ = try await client.watch(resource) }
                }
                let key = ObjectKey(namespace: "kube-system", name: "extension-apiserver-authentication")
                await #expect(throws: APIStatus.self, "the operator may not delete namespaces") {
                    try await client.delete(.namespaces, ObjectKey(namespace: "", name: key.namespace))
                }
                await client.shutdown()
            }
        }

        @Test
        func `The ClusterRole allows the operator to watch monitor definitions and bind discovery roles`()
            async throws
        {
            try await Scenario.play(.real, startsOperator: false) { scenario in
                let client = KubeClient(scenario.operatorCluster, logger: quiet)
                for kind in MonitorKind.allCases {
                    let selector = "metadata.name=\(kind.resource.description)"
                    await #expect(throws: Never.self, "\(kind.rawValue)") {
                        _ = try await client.list(
                            .customResourceDefinitions,
                            ListQuery(fieldSelector: selector, metadataOnly: true))
                        _ = try await client.watch(
                            .customResourceDefinitions,
                            WatchQuery(fieldSelector: selector, metadataOnly: true))
                    }
                }
                await #expect(throws: APIStatus.self, "the operator may not list other definitions") {
                    _ = try await client.list(.customResourceDefinitions)
                }
                func bind(to role: String) async throws {
                    let subject: JSON = [
                        "kind": "ServiceAccount", "name": "cluster-agent", "namespace": JSON(scenario.namespace),
                    ]
                    try await client.apply(
                        .clusterRoleBindings,
                        Object(
                            .clusterRoleBindings, name: "\(scenario.namespace).\(role)",
                            [
                                "roleRef": [
                                    "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": JSON(role),
                                ], "subjects": [subject],
                            ]), fieldManager: "tributary", force: true)
                }
                for role in ["tributary-agent-discovery", "tributary-agent-nodes"] {
                    await #expect(throws: Never.self, "\(role)") { try await bind(to: role) }
                    let key = ObjectKey(namespace: "", name: "\(scenario.namespace).\(role)")
                    await #expect(throws: Never.self) { try await client.delete(.clusterRoleBindings, key) }
                }
                await #expect(throws: APIStatus.self, "the operator may not grant more than it has") {
                    try await bind(to: "cluster-admin")
                }
                await client.shutdown()
            }
        }

        @Test func `An installation for one namespace needs a Role and no ClusterRole`() async throws {
            try await Scenario.play(.real, startsOperator: false) { scenario in
                let objects = try await Manifests.objects("manifests/namespaced").map {
                    $0.moved(to: scenario.namespace)
                }
                #expect(!objects.contains { $0.kind.hasPrefix("Cluster") || $0.kind == "Namespace" })
                try await Manifests.apply(objects, scenario.client)
                let cluster = try await scenario.serviceAccount("tributary")
                let lease = scenario.key("tributary.tributary.dev")
                scenario.startOperator(as: cluster) { $0.lease = lease }
                try await Self.applyAllKinds(scenario)
                try await scenario.waitForReady(GlobalView.resource, "main")
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                for (resource, name) in Self.made {
                    #expect(try await scenario.get(resource, name) != nil, "\(resource.kind) \(name)")
                }
                #expect(try await scenario.holder(of: lease) == "tributary")
            }
        }

        @Test func `An installation for some namespaces needs a Role in each, and sees nothing of others`() async throws
        {
            try await Scenario.play(.real, startsOperator: false) { scenario in
                let own = scenario.namespace
                let name = Object(["metadata": ["generateName": "further-"]])
                let further = try await scenario.client.create(.namespaces, name).name
                let foreign = try await scenario.client.create(.namespaces, name).name
                try await Manifests.apply(
                    try await Manifests.objects("manifests/namespaced").map { $0.moved(to: own) }, scenario.client)
                let role = try await Manifests.objects("manifests/further-namespace").map { object -> Object in
                    var object = object.moved(to: further)
                    if object.kind == "RoleBinding" {
                        object.json["subjects"] = [
                            ["kind": "ServiceAccount", "name": "tributary", "namespace": .string(own)]
                        ]
                    }
                    return object
                }
                #expect(role.map(\.kind).sorted() == ["Role", "RoleBinding"])
                try await Manifests.apply(role, scenario.client)
                scenario.startOperator(as: try await scenario.serviceAccount("tributary")) {
                    $0.namespaces = WatchedNamespaces([own, further])
                }
                for namespace in [foreign, further, own] {
                    for (kind, name, spec) in Self.smallView {
                        try await scenario.client.apply(
                            kind, Object(kind, namespace: namespace, name: name, ["spec": spec]),
                            fieldManager: "kubectl", force: true)
                    }
                }
                for namespace in [further, own] {
                    try await waitUntil("the tenant's objects are made in \(namespace)") {
                        do {
                            _ = try await scenario.client.get(
                                .deployments, ObjectKey(namespace: namespace, name: "tenant-a-read"))
                            return true
                        } catch let status as APIStatus where status.isNotFound {
                            return false
                        }
                    }
                }
                #expect(try await scenario.client.list(.deployments, namespace: foreign).items.isEmpty)
                for namespace in [further, foreign] {
                    try await scenario.client.delete(.namespaces, ObjectKey(namespace: "", name: namespace))
                }
            }
        }

        private static let smallView: [(Resource, String, JSON)] = [
            (
                GlobalView.resource, "main",
                ["external": ["writeURL": "https://mimir.example.org/push", "queryURL": "https://mimir.example.org"]]
            ),
            (Tenant.resource, "tenant-a", ["globalViewRef": ["name": "main"], "read": [:]]),
        ]

        @Test(arguments: [
            (group: "tributary.dev", resource: "globalviews/status"), ("", "services"), ("apps", "statefulsets"),
            ("networking.k8s.io", "networkpolicies"), ("", "endpoints"),
        ])
        func `A missing permission is logged with its resource`(rule: (group: String, resource: String)) async throws {
            try await Scenario.play(.real, startsOperator: false) { scenario in
                let objects = try await Manifests.objects("manifests/namespaced").map { object -> Object in
                    var object = object.moved(to: scenario.namespace)
                    guard object.kind == "Role", object.name == "tributary" else { return object }
                    let rules = (object.json["rules"]?.array ?? []).map { other -> JSON in
                        guard other["apiGroups"]?.array == [.string(rule.group)] else { return other }
                        var other = other
                        other["resources"] = .array(
                            (other["resources"]?.array ?? []).filter { $0.string != rule.resource })
                        return other
                    }.filter { $0["resources"]?.array?.isEmpty == false }
                    #expect(rules != object.json["rules"]?.array)
                    object.json["rules"] = .array(rules)
                    return object
                }
                try await Manifests.apply(objects, scenario.client)
                let tributary = scenario.startOperator(as: try await scenario.serviceAccount("tributary"))
                try await Self.applyAllKinds(scenario)
                try await waitUntil("a request of the operator is refused") { !tributary.refusals.isEmpty }
                try await waitUntil("the log names the resource") {
                    tributary.refusals.contains { $0.contains(rule.resource.prefix { $0 != "/" }) }
                }
                try await scenario.stop(tributary)
            }
        }
    }
}
