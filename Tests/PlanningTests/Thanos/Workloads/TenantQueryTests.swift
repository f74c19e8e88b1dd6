import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("The querier for tenants")
struct TenantQueryTests {
    private static let view = Samples.behindGateway(Samples.managed)

    /// The values of a flag of all containers of a workload.
    private static func values(_ flag: String, _ object: Object) -> [String] {
        let containers = object.json["spec", "template", "spec", "containers"]?.array ?? []
        let arguments = containers.flatMap { ($0["args"]?.array ?? []).compactMap(\.string) }
        return arguments.filter { $0.hasPrefix("\(flag)=") }.map { String($0.dropFirst(flag.count + 1)) }
    }

    @Test func `Behind a gateway a querier that enforces the tenant stands beside that for operators`() throws {
        let plan = try Scene(Self.view).plan()
        let (all, one) = (
            try plan.object("Deployment", "main-query"), try plan.object("Deployment", "main-query-tenants")
        )
        #expect(Set(all.arguments).isSubset(of: one.arguments))
        #expect(
            Set(one.arguments).subtracting(all.arguments) == [
                "--query.enforce-tenancy", "--query.tenant-header=THANOS-TENANT",
                "--query.tenant-label-name=tenant_id", "--query.default-tenant-id=no/tenant",
            ])
        #expect(one.json["spec", "replicas"] == 2)
        _ = try plan.object("Service", "main-query-tenants")
    }

    @Test func `Without a gateway or without queriers of Tributary there is none`() throws {
        let others = Self.view.replacing("query: {replicas: 2}", with: "query: {url: \"http://query:9090\"}")
        for view in [Samples.managed, others] {
            #expect(!(try Scene(view).plan().names.contains("Deployment main-query-tenants")))
        }
        let proxy = try Scene(others).plan().object("Deployment", "main-read-proxy")
        #expect(Self.values("-upstream", proxy) == ["http://query:9090"])
    }

    @Test func `Receivers, routers, the querier for tenants and the read proxy have the same header and label`() throws
    {
        let plan = try Scene(Self.view + "\n  tenantLabel: customer", ManagedHashringTests.hard).plan()
        let querier = try plan.object("Deployment", "main-query-tenants")
        let header = Self.values("--query.tenant-header", querier)
        #expect(header.count == 1)
        #expect(Self.values("--query.tenant-label-name", querier) == ["customer"])
        for (kind, name) in [
            ("StatefulSet", "main-receive-hashring-0"), ("StatefulSet", "main-receive-default"),
            ("Deployment", "main-receive"),
        ] {
            let object = try plan.object(kind, name)
            #expect(Self.values("--receive.tenant-header", object) == header, "\(name)")
            #expect(Self.values("--receive.tenant-label-name", object) == ["customer"], "\(name)")
        }
        let proxy = try plan.object("Deployment", "main-read-proxy")
        #expect(Self.values("-label", proxy) == ["customer", "customer"])
        #expect(Self.values("-header-name", proxy) == [GatewayNames.readHeader, GatewayNames.readHeader])
    }

    @Test(arguments: [("v0.33.0", false), ("v0.34.0", true), ("0.41.0", true), ("main-2026-01-01", true)])
    func `A version that cannot enforce the tenant gets no such querier, and the view says so`(
        version: String, isKnown: Bool
    ) throws {
        let view = Self.view.replacing("replicationFactor: 2", with: "version: \(version)\n    replicationFactor: 2")
        let plan = try Scene(view).plan()
        #expect(plan.names.contains("Deployment main-query-tenants") == isKnown)
        let said =
            "warning: GlobalView observability/main: spec.thanos.version: the querier of Thanos \(version) does not "
            + "enforce the tenant, so only the read proxies keep tenants apart; v0.34.0 and later do both"
        #expect(plan.messages == (isKnown ? [] : [said]))
        guard !isKnown else { return }
        let proxy = try plan.object("Deployment", "main-read-proxy")
        #expect(Self.values("-upstream", proxy) == ["http://main-query.observability.svc:9090"])
    }

    @Test func `Endpoints of others that Thanos Query cannot use are left out, with what would be right`() throws {
        let view = Samples.managed.replacing(
            "query: {replicas: 2}",
            with: "query: {replicas: 2, endpoints: [\"dns+store:10901\", \"http://old:10901\", bare]}")
        let plan = try Scene(view).plan()
        let arguments = Self.values("--endpoint", try plan.object("Deployment", "main-query"))
        #expect(arguments.suffix(2) == ["dns+store:10901", "bare"])
        let found = plan.diagnostics.filter { $0.reason == "EndpointInvalid" }
        #expect(found.map(\.severity) == [.error, .warning])
        #expect(found.first?.field?.description == "spec.thanos.query.endpoints[1]")
        #expect(
            found.first?.message
                == "\"http://old:10901\" has the scheme \"http\": Thanos Query would find nothing there, so it "
                + "is left out; should be such as \"old:10901\"")
        #expect(try plan.readiness(of: "main") == "False EndpointInvalid")
    }

    @Test func `Pods of Thanos Query run where receivers can be told to run, and carry what is asked for`() throws {
        let fields = """
            {replicas: 2, nodeSelector: {disk: ssd}, tolerations: [{operator: Exists}], priorityClassName: high, \
            affinity: {nodeAffinity: {}}, topologySpreadConstraints: [{maxSkew: 2}], \
            podMetadata: {labels: {team: a, app.kubernetes.io/name: mine}, annotations: {note: b}}}
            """
        let plan = try Scene(Self.view.replacing("query: {replicas: 2}", with: "query: \(fields)")).plan()
        for name in ["main-query", "main-query-tenants"] {
            let template = try plan.object("Deployment", name).json["spec", "template"]
            #expect(template?["spec", "nodeSelector"] == ["disk": "ssd"])
            #expect(template?["spec", "tolerations"] == [["operator": "Exists"]])
            #expect(template?["spec", "priorityClassName"] == "high")
            #expect(template?["spec", "affinity"] == ["nodeAffinity": [:]])
            #expect(template?["spec", "topologySpreadConstraints"] == [["maxSkew": 2]])
            #expect(template?["metadata", "annotations"] == ["note": "b"])
            #expect(template?["metadata", "labels", "team"] == "a")
            #expect(template?["metadata", "labels"]?["app.kubernetes.io/name"] == "thanos-query")
        }
        let receiver = try Scene(
            Samples.managed.replacing("storage: {size: 100Gi}", with: "priorityClassName: high")
        ).plan().object("StatefulSet", "main-receive-hashring-0")
        #expect(receiver.json["spec", "template", "spec", "priorityClassName"] == "high")
    }
}
