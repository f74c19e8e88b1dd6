import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

/// The rendered policies allow what the table in the documentation says, for every pair of pods. No policy engine runs here:
/// the policies are evaluated by their definition in Kubernetes.
@Suite("Network policies")
struct NetworkPolicyTests {
    /// A view and what the table calls its circumstances.
    struct Case: CustomTestStringConvertible, Sendable {
        var view: String
        var tenant = "{}"
        var conditions: Set<String>
        var testDescription: String
        /// Whether there is a PrometheusRule of the platform and of the tenant.
        var hasRules: Bool { conditions.contains("rules") }
    }

    private static let perTenant = "readProxy: {mode: PerTenant}"
    private static let adopting =
        Samples.managed + "\n    - name: adopted\n      adopt: {selector: {matchLabels: {a: b}}}"
    private static let whole = StoragePlanTests.view("store: {}", "compactor: {}", "queryFrontend: {}")
    private static let trusting = Samples.prometheus.replacing("version: v3.5.0", with: "writeIsolation: Trusted")

    private static let selecting = "rules: {selector: {}}"

    static let cases = [
        Case(
            view: Samples.behindGateway(adopting), conditions: ["gateway", "shared proxy", "no frontend"],
            testDescription: "thanos, shared"),
        Case(
            view: Samples.behindGateway(
                adopting.replacing("replicationFactor: 2", with: "replicationProtocol: capnproto"), perTenant),
            conditions: ["gateway", "own proxies", "no allowFrom", "no frontend"], testDescription: "thanos, own"),
        Case(
            view: Samples.behindGateway(whole), conditions: ["gateway", "shared proxy", "frontend"],
            testDescription: "thanos with all its parts, shared"),
        Case(
            view: Samples.behindGateway(whole, perTenant),
            conditions: ["gateway", "own proxies", "no allowFrom", "frontend"],
            testDescription: "thanos with all its parts, own"),
        Case(
            view: adopting + "\n  networkPolicies: Managed",
            conditions: ["no gateway", "own proxies", "no allowFrom", "no frontend"],
            testDescription: "thanos without a gateway"),
        Case(
            view: Samples.behindGateway(Samples.prometheus), conditions: ["gateway", "shared proxy", "Relay"],
            testDescription: "prometheus, shared"),
        Case(
            view: Samples.behindGateway(trusting, perTenant), tenant: "{read: {allowFrom: [{namespace: grafana}]}}",
            conditions: ["gateway", "own proxies", "allowFrom", "Trusted"], testDescription: "prometheus, own"),
        Case(
            view: Samples.prometheus + "\n  networkPolicies: Managed",
            tenant: "{read: {allowFrom: [{namespace: grafana}]}}",
            conditions: ["no gateway", "own proxies", "allowFrom"], testDescription: "prometheus without a gateway"),
        Case(
            view: Samples.behindGateway(adopting) + "\n  \(selecting)", tenant: "{\(selecting)}",
            conditions: ["gateway", "shared proxy", "rules", "no frontend"], testDescription: "thanos with rules"),
        Case(
            view: Samples.behindGateway(whole) + "\n  \(selecting)", tenant: "{\(selecting)}",
            conditions: ["gateway", "shared proxy", "rules", "frontend"],
            testDescription: "thanos with all its parts and rules"),
        Case(
            view: Samples.behindGateway(Samples.prometheus) + "\n  \(selecting)", tenant: "{\(selecting)}",
            conditions: ["gateway", "shared proxy", "Relay", "rules"], testDescription: "prometheus with rules"),
        Case(
            view: Samples.prometheus + "\n  networkPolicies: Managed\n  \(selecting)",
            tenant: "{read: {allowFrom: [{namespace: grafana}]}, \(selecting)}",
            conditions: ["no gateway", "own proxies", "allowFrom", "rules"],
            testDescription: "prometheus with rules, without a gateway"),
        Case(
            view: Samples.behindGateway(Samples.external.replacing("tenantHeader: X-Scope-OrgID", with: "")),
            conditions: ["gateway", "shared proxy"], testDescription: "external, shared"),
        Case(
            view: Samples.gateway.replacing("caSecretRef:", with: "tenantFrom: URI, caSecretRef:"),
            conditions: ["gateway", "shared proxy", "URI"], testDescription: "external, certificates with URIs"),
        Case(
            view: Samples.behindGateway(Samples.external, perTenant),
            conditions: ["gateway", "own proxies", "no allowFrom"], testDescription: "external that isolates tenants"),
    ]

    /// The pods of a scene, by the words of the table.
    private static func pods(_ scene: Scene) throws -> [(role: String, pod: PolicyPod)] {
        let names = [
            "receive": "receivers", "receive-router": "routers", "query": "querier",
            "query-tenants": "querier for tenants", "central": "central Prometheus",
            "shared-read-proxy": "shared read proxy", "read-proxy": "tenants' read proxies", "gateway": "gateway",
            "relay": "relay", "agent": "operators", "store": "store gateways", "compact": "compactor",
            "query-frontend": "query frontend", "query-frontend-tenants": "query frontend for tenants",
            "ruler": "ruler", "tenant-ruler": "tenants' rulers",
        ]
        var pods = try scene.planner.plan().objects.compactMap { object -> (String, PolicyPod)? in
            guard let pod = PolicyPod(object) else { return nil }
            let component = pod.labels["app.kubernetes.io/component"] ?? ""
            return (try #require(names[component], "pods that the table does not have: \(object)"), pod)
        }
        let view = try #require(scene.snapshot.globalViews[Scene.key("main")])
        if view.spec.gateway != nil, !pods.contains(where: { $0.0 == "gateway" }) {
            pods.append(("gateway", gateway("main")))
        }
        return pods
    }

    private static func labels(_ component: String, _ program: String, of name: String) -> [String: String] {
        [
            "app.kubernetes.io/name": program, "app.kubernetes.io/component": component,
            "app.kubernetes.io/instance": name, "app.kubernetes.io/managed-by": "tributary",
        ]
    }

    private static func gateway(_ view: String, namespace: String = Scene.namespace) -> PolicyPod {
        PolicyPod(
            "the gateway of \(view) in \(namespace)", namespace: namespace,
            labels: labels(GatewayNames.component, GatewayNames.program, of: view),
            ports: ["http": 8080, "https": 8443, "status": 8081])
    }

    private static let allowed = "namespaces in allowFrom"

    /// Pods that are no part of the view, with the words of the table for them; nil for strangers.
    private static let others: [(role: String?, pod: PolicyPod)] = {
        let access = ["tributary.dev/access": "query"]
        let agent = labels("agent", "prometheus-agent", of: "cluster")
        return [
            (nil, PolicyPod("a stranger in the namespace", labels: ["app": "shop"])),
            (nil, PolicyPod("a stranger elsewhere", namespace: "shop", labels: ["app": "shop"])),
            (nil, PolicyPod("a stranger that says it is an operator", namespace: "shop", labels: access)),
            (nil, PolicyPod("an agent elsewhere", namespace: "shop", labels: agent)),
            (nil, PolicyPod("a pod with another kind of access", labels: ["tributary.dev/access": "all"])),
            (nil, gateway("main", namespace: "shop")),
            (nil, PolicyPod("another view's querier", labels: labels("query", "thanos-query", of: "other"))),
            (
                nil,
                PolicyPod(
                    "another view's proxy", labels: labels("shared-read-proxy", "prom-label-proxy", of: "other"))
            ),
            (
                nil,
                PolicyPod(
                    "an adopted receiver's double", namespace: "shop", labels: ["app": "receive-adopted"])
            ),
            (nil, gateway("other")),
            (nil, PolicyPod("another view's relay", labels: labels("relay", "tributary-relay", of: "other"))),
            ("operators", PolicyPod("a labelled pod", labels: access)),
            ("operators", PolicyPod("a pod of a labelled namespace", namespace: "platform", labels: [:])),
            (
                allowed,
                PolicyPod("a tenant's Grafana", namespace: "grafana", labels: ["app": "grafana"])
            ),
        ]
    }()

    private static func scene(_ test: Case) throws -> Scene {
        var scene = try Scene(test.view, Samples.tenant("tenant-a", test.tenant), Samples.agent)
        let set = """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: receive-adopted, labels: {a: b}}
            spec: {serviceName: receive-adopted, selector: {matchLabels: {app: receive-adopted}}}
            """
        try scene.add(set)
        if test.hasRules { try scene.add(RulePlannerTests.rule("all", in: Scene.namespace, RulePlannerTests.good)) }
        return scene
    }

    private static func evaluator(_ scene: Scene) -> PolicyEvaluator {
        let policies = scene.planner.plan().objects.filter { $0.kind == "NetworkPolicy" }
        return PolicyEvaluator(policies: policies, namespaces: ["platform": ["tributary.dev/access": "query"]])
    }

    @Test(arguments: cases)
    func `Pods can be reached by those that the table in the documentation names and by nobody else`(test: Case) throws
    {
        let table = try DocumentedAccess()
        let scene = try Self.scene(test)
        let evaluator = Self.evaluator(scene)
        let targets = try Self.pods(scene)
        var sources: [(role: String?, pod: PolicyPod)] = targets.map { ($0.role, $0.pod) } + Self.others
        if test.view.contains("adopted") {
            let adopted = PolicyPod("an adopted receiver", labels: ["app": "receive-adopted"])
            sources.append(("adopted receivers", adopted))
        }
        var connections = (allowed: 0, refused: 0)
        for target in targets where target.role != "operators" {
            for (port, number) in target.pod.ports {
                // The table names a port by its name or by its number.
                let named = [port, "\(number)"].reduce(into: Set<String>()) {
                    $0.formUnion(table.peers(of: target.role, port: $1, test.conditions))
                }
                for source in sources {
                    // Whom the tenant does not name is a stranger.
                    let role = source.role == Self.allowed && !test.conditions.contains("allowFrom") ? nil : source.role
                    let isNamed = named.contains("everybody") || role.map(named.contains) == true
                    let isAllowed = try evaluator.allows(source.pod, to: target.pod, port: number)
                    #expect(isAllowed == isNamed, "\(source.pod) to \(target.pod), port \(port): named are \(named)")
                    if isAllowed { connections.allowed += 1 } else { connections.refused += 1 }
                }
            }
        }
        // Behind a service that isolates tenants, the gateway stands alone.
        #expect(connections.allowed >= 20 && connections.refused >= (targets.count > 2 ? 10 : 0), "\(connections)")
    }

    @Test func `Every row of the table is about some view`() throws {
        var used: Set<String> = []
        let table = try DocumentedAccess()
        for test in Self.cases {
            let scene = try Self.scene(test)
            for (role, pod) in try Self.pods(scene) {
                for (index, row) in table.rows.enumerated()
                where row.pods == role
                    && !row.ports.isDisjoint(with: pod.ports.flatMap { [$0.key, "\($0.value)"] })
                    && row.conditions.isSubset(of: test.conditions)
                {
                    used.insert("\(index)")
                }
            }
        }
        #expect(table.rows.count >= 20)
        #expect(Set(table.rows.indices.map { "\($0)" }) == used)
    }

    @Test func `Every policy is about incoming connections only, so that DNS and what pods ask others goes on`() throws
    {
        for test in Self.cases {
            let evaluator = try Self.evaluator(Self.scene(test))
            for policy in evaluator.policies {
                #expect(policy.json["spec", "policyTypes"] == ["Ingress"])
                #expect(policy.json["spec", "podSelector", "matchLabels"]?.strings.isEmpty == false)
                for rule in policy.json["spec", "ingress"]?.array ?? [] {
                    // Kubernetes takes an empty list of peers as everybody.
                    #expect(rule["from"]?.array?.isEmpty != true)
                    #expect(rule["ports"]?.array?.count == 1)
                }
            }
        }
    }

    @Test func `A view whose network policies are switched off has none, nor have its tenants`() throws {
        let tenant = Samples.tenant("tenant-a", "{read: {allowFrom: [{namespace: grafana}]}}")
        for view in [
            Samples.behindGateway(Samples.managed, "networkPolicies: None"),
            Samples.behindGateway(Samples.prometheus, "networkPolicies: None"),
            Samples.prometheus + "\n  networkPolicies: None",
        ] {
            let plan = try Scene(view, tenant).planner.plan()
            #expect(!plan.objects.contains { $0.kind == "NetworkPolicy" })
            #expect(plan.messages.contains { $0.contains("spec.read.allowFrom: has no effect") }, "\(plan.messages)")
        }
    }

    @Test func `Without a gateway a view has no network policies unless it asks for them`() throws {
        for view in [Samples.managed, Samples.prometheus, Samples.external] {
            let plan = try Scene(view, Samples.tenant("tenant-a")).planner.plan()
            #expect(!plan.objects.contains { $0.kind == "NetworkPolicy" })
        }
    }

    @Test func `Receivers that are about to go keep their walls`() throws {
        var running = try RunningReceivers(
            Samples.behindGateway(Samples.managed), ManagedHashringTests.hard)
        try running.settle()
        running.load()
        try running.scene.add(Samples.behindGateway(Samples.thanos))
        let plan = running.scene.plan()
        #expect(!plan.keeps.isEmpty)
        #expect(plan.names.contains("NetworkPolicy main-receivers"))
        #expect(plan.names.contains("NetworkPolicy main-receive"))
    }
}
