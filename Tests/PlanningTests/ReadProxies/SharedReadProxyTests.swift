import Kube
@testable import Planning
import PlanningInput
import Testing
import TributaryAPI
import YAML

@Suite("The read proxy that all tenants share")
struct SharedReadProxyTests {
    private static let managed = Samples.behindGateway(Samples.managed)

    /// The arguments of each container, by its name.
    private static func containers(_ object: Object) -> [String: [String]] {
        let containers = object.json["spec", "template", "spec", "containers"]?.array ?? []
        return Dictionary(
            uniqueKeysWithValues: containers.map {
                ($0["name"]?.string ?? "", ($0["args"]?.array ?? []).compactMap(\.string))
            })
    }

    private static func workload(_ ready: Int) -> Workload {
        Workload(
            Object([
                "metadata": ["generation": 1], "spec": ["replicas": 2],
                "status": ["observedGeneration": 1, "readyReplicas": JSON(ready)],
            ]))
    }

    // MARK: - What is made

    @Test func `A view with a gateway has one read proxy, which only a header tells whose series to show`() throws {
        let scene = try Scene(Samples.behindGateway(Samples.prometheus), Samples.tenant("tenant-a"))
        let plan = scene.plan()
        for kind in ["Service", "Deployment", "PodDisruptionBudget"] { _ = try plan.object(kind, "main-read-proxy") }
        let deployment = try plan.object("Deployment", "main-read-proxy")
        #expect(deployment.json["spec", "replicas"] == 2)
        #expect(
            Self.containers(deployment) == [
                "prom-label-proxy": [
                    "-insecure-listen-address=0.0.0.0:8080", "-internal-listen-address=0.0.0.0:8081",
                    "-upstream=http://main-prometheus.observability.svc:9090", "-label=tenant",
                    "-header-name=X-Tributary-Tenants", "-header-uses-list-syntax=true", "-enable-label-apis=true",
                    "-enable-label-matchers-for-rules-api=true",
                ]
            ])
        #expect(plan.messages == [])
    }

    @Test func `Settings of the view apply to its read proxy`() throws {
        let view = Samples.behindGateway(
            Samples.external.replacing("tenantHeader: X-Scope-OrgID", with: ""),
            "readProxy: {replicas: 5, image: \"mirror/proxy:1\", resources: {limits: {memory: 1Gi}}}")
        let deployment = try Scene(view).plan().object("Deployment", "main-read-proxy")
        #expect(deployment.json["spec", "replicas"] == 5)
        let container = deployment.json["spec", "template", "spec", "containers"]?[0]
        #expect(container?["image"] == "mirror/proxy:1")
        #expect(container?["resources"] == ["limits": ["memory": "1Gi"]])
        #expect(deployment.arguments.contains("-upstream=https://mimir.example.org/prometheus"))
    }

    @Test
    func `Tenants that also see others read from the querier of all tenants, and the others from one that enforces`()
        throws
    {
        let plan = try Scene(Self.managed).plan()
        let containers = Self.containers(try plan.object("Deployment", "main-read-proxy"))
        #expect(
            containers["prom-label-proxy"]?.contains("-upstream=http://main-query-tenants.observability.svc:9090")
                == true)
        #expect(containers["wide"]?.contains("-upstream=http://main-query.observability.svc:9090") == true)
        let service = try plan.object("Service", "main-read-proxy")
        #expect(
            service.json["spec", "ports"]?.array?.map { $0["port"] } == [8080, 8081, 8082, 8083])
    }

    @Test func `A service that tells tenants apart by a header needs no read proxy`() throws {
        for mode in ["Shared", "PerTenant"] {
            var scene = try Scene(
                Samples.behindGateway(Samples.external, "readProxy: {mode: \(mode)}"),
                Samples.tenant("tenant-a", "{read: {alsoSees: [b]}}"))
            scene.startGateway()
            let plan = scene.planner.plan()
            #expect(plan.names.filter { $0.hasPrefix("Deployment") } == ["Deployment main-gateway"])
            #expect(
                plan.messages == [
                    "warning: Tenant observability/tenant-a: spec.read.alsoSees: has no effect: the service behind "
                        + "GlobalView \"main\" shows each tenant its own series only"
                ])
            #expect(try plan.readiness(of: "main") == "True Ready")
            #expect(try plan.readiness(of: "tenant-a") == "True Ready")
        }
    }

    @Test func `No Service of a tenant leads to the shared proxy, whatever the tenant is called`() throws {
        let shared = try Scene(Self.managed).plan().object("Deployment", "main-read-proxy")
        let labels = try #require(PolicyPod(shared)).labels
        let own = try Scene(Samples.managed, Samples.tenant("main")).plan(tenant: "main").object("Service", "main-read")
        let selector = own.json["spec", "selector"]?.strings ?? [:]
        #expect(!selector.isEmpty && !selector.allSatisfy { labels[$0.key] == $0.value })
    }

    // MARK: - Any number of tenants

    @Test(arguments: [managed, Samples.behindGateway(Samples.prometheus), Samples.behindGateway(Samples.external)])
    func `Ten thousand tenants have as many pods, Services, Deployments and policies as ten`(
        view: String
    ) throws {
        func counts(_ tenants: Int) throws -> [String: Int] {
            var scene = try Scene(view)
            let template = try Tenant(Object(try YAML.parseOne(Samples.tenant("tenant")).value))
            for number in 0..<tenants {
                var tenant = template
                tenant.metadata.name = "tenant-\(number)"
                tenant.metadata.namespace = Scene.namespace
                tenant.metadata.uid = "uid-\(number)"
                scene.snapshot.take(.tenant(tenant.metadata.key, Boxed(tenant)))
            }
            let kinds = ["Service", "Deployment", "StatefulSet", "NetworkPolicy", "PodDisruptionBudget", "Ingress"]
            let objects = scene.planner.plan().objects.filter { kinds.contains($0.kind) }
            return Dictionary(objects.map { ($0.kind, 1) }) { $0 + $1 }
        }
        let few = try counts(10)
        #expect(few == (try counts(10_000)))
        #expect(few["NetworkPolicy"] ?? 0 > 0)
    }

    // MARK: - Readiness

    @Test func `A view is ready once its read proxy is, and a tenant once it is admitted`() throws {
        var scene = try Scene(Samples.behindGateway(Samples.external), Samples.tenant("tenant-a"))
        scene.startGateway()
        #expect(try scene.plan().readiness(of: "main") == "True Ready")
        scene = try Scene(
            Samples.behindGateway(Samples.external.replacing("tenantHeader: X-Scope-OrgID", with: "")),
            Samples.tenant("tenant-a"))
        scene.startGateway()
        #expect(try scene.plan().readiness(of: "main") == "False Creating")
        #expect(try scene.plan(tenant: "tenant-a").readiness(of: "tenant-a") == "True Ready")
        #expect(
            try scene.plan(tenant: "tenant-a").condition("Ready", of: "tenant-a").message
                == "reads through the gateway of GlobalView \"main\"")
        let key = WorkloadKey(.deployments, Scene.key("main-read-proxy"))
        // However many tenants there are, a change of the Deployment concerns the view alone.
        let concerned = scene.snapshot.take(.workload(key, Self.workload(1), of: .globalView(Scene.key("main"))))
        #expect(concerned == [.globalView(Scene.key("main"))])
        #expect(try scene.plan().readiness(of: "main") == "False WaitingForPods")
        scene.snapshot.take(.workload(key, Self.workload(2), of: .globalView(Scene.key("main"))))
        #expect(try scene.plan().readiness(of: "main") == "True Ready")
    }

    @Test func `Settings of a proxy that a tenant does not have get a warning`() throws {
        let scene = try Scene(
            Self.managed, Samples.tenant("tenant-a", "{read: {replicas: 3, allowFrom: [], alsoSees: [b]}}"))
        let plan = scene.plan(tenant: "tenant-a")
        #expect(
            plan.messages
                == ["replicas", "allowFrom"].map {
                    "warning: Tenant observability/tenant-a: spec.read.\($0): has no effect: the tenant has no read "
                        + "proxy of its own: it reads through the gateway of GlobalView \"main\""
                })
        #expect(!plan.objects.contains { ["Service", "Deployment", "NetworkPolicy"].contains($0.kind) })
    }

    // MARK: - One proxy each

    @Test
    func
        `With one proxy each, only who reads its own series through the gateway alone reads from the enforcing querier`()
        throws
    {
        let view = Samples.behindGateway(Samples.managed, "readProxy: {mode: PerTenant}")
        for (spec, upstream) in [
            ("{}", "main-query-tenants"), ("{read: {alsoSees: [b]}}", "main-query"),
            ("{read: {allowFrom: [{namespace: grafana}]}}", "main-query"),
        ] {
            let scene = try Scene(view, Samples.tenant("tenant-a", spec))
            let arguments = try scene.plan(tenant: "tenant-a").object("Deployment", "tenant-a-read").arguments
            #expect(arguments.contains("-upstream=http://\(upstream).observability.svc:9090"), "\(spec)")
            #expect(arguments.contains("-label-value=tenant-a"))
            #expect(!scene.plan().names.contains("Deployment main-read-proxy"))
        }
    }

    // MARK: - Where the gateway forwards to

    private static func routes(_ view: String) throws -> (GatewayRoutes, own: String?) {
        let scene = try Scene(view, Samples.tenant("tenant-a"))
        let global = try #require(scene.snapshot.globalViews[Scene.key("main")])
        let tenant = try #require(scene.snapshot.tenants[Scene.key("tenant-a")])
        let backend = try #require(ViewBackends.backend(of: global, in: scene.snapshot))
        return (backend.routes, backend.readURL(of: tenant))
    }

    @Test func `The gateway forwards to the shared proxy, to each tenant's own, or to a service that isolates tenants`()
        throws
    {
        let proxy = "http://main-read-proxy.observability.svc"
        let own = "http://tenant-a-read.observability.svc:8080"
        let perTenant = "readProxy: {mode: PerTenant}"
        var thanos = GatewayRoutes(
            writeURL: "http://main-receive.observability.svc:19291/api/v1/receive", readURL: "\(proxy):8080",
            wideReadURL: "\(proxy):8082", tenantHeader: "THANOS-TENANT", readHeader: "X-Tributary-Tenants")
        #expect(try Self.routes(Self.managed) == (thanos, nil))
        thanos.readURL = nil
        thanos.wideReadURL = nil
        thanos.readHeader = nil
        #expect(try Self.routes(Samples.behindGateway(Samples.managed, perTenant)) == (thanos, own))
        let prometheus = GatewayRoutes(
            writeURL: "http://main-relay.observability.svc:8080/write", readURL: "\(proxy):8080",
            tenantHeader: "X-Tributary-Tenant", readHeader: "X-Tributary-Tenants")
        #expect(try Self.routes(Samples.behindGateway(Samples.prometheus)) == (prometheus, nil))
        let trusting = Samples.prometheus.replacing("version: v3.5.0", with: "writeIsolation: Trusted")
        #expect(
            try Self.routes(Samples.behindGateway(trusting, perTenant))
                == (GatewayRoutes(writeURL: "http://main-prometheus.observability.svc:9090/api/v1/write"), own))
        let external = GatewayRoutes(
            writeURL: "https://mimir.example.org/api/v1/push", readURL: "https://mimir.example.org/prometheus",
            tenantHeader: "X-Scope-OrgID", isolatesReads: true)
        #expect(try Self.routes(Samples.behindGateway(Samples.external)) == (external, nil))
        #expect(try Self.routes(Samples.behindGateway(Samples.external, perTenant)) == (external, nil))
        let plain = GatewayRoutes(
            writeURL: "https://mimir.example.org/api/v1/push", readURL: "\(proxy):8080",
            readHeader: "X-Tributary-Tenants")
        let unheaded = Samples.external.replacing("tenantHeader: X-Scope-OrgID", with: "")
        #expect(try Self.routes(Samples.behindGateway(unheaded)) == (plain, nil))
    }
}
