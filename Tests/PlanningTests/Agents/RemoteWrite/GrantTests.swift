import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("Agents that write through a gateway")
struct GrantTests {
    private static let grants = "{id: acme, agents: [{namespace: observability, name: cluster}]}"
    private static let copy = AgentNames.credential(ofTenant: "tenant-a", in: "observability", for: "cluster")

    /// A tenant with credentials and an agent that names it.
    private static func scene(
        _ tenant: String = grants, agent: String = Samples.agent, view: String = Samples.walled
    ) throws -> Scene {
        var scene = try Scene(view, Samples.tenant("tenant-a", tenant), agent)
        scene.makeRandom(1)
        try scene.applyCredentials(of: "tenant-a")
        return scene
    }

    private static func agent(_ more: String) -> String {
        Samples.agent.replacing("tenantRef: {name: tenant-a}", with: "tenantRef: {name: tenant-a}\n  \(more)")
    }

    @Test func `An agent that the tenant lists gets a copy of the write credential and reads it from a file`() throws {
        let scene = try Self.scene()
        let plan = scene.plan(agent: "cluster")
        #expect(plan.messages == [])
        let copy = try plan.object("Secret", Self.copy)
        #expect(copy.dataKeys == ["token"])
        #expect(try copy.value("token") == scene.snapshot.acceptedTokens(.write, of: Scene.key("tenant-a")).first)
        #expect(copy.ownerReferences.map(\.kind) == ["PrometheusAgent"])
        let write = try #require(try AgentPlannerTests.configuration(plan)["remote_write"]?[0])
        #expect(
            write["authorization"]
                == ["type": "Bearer", "credentials_file": JSON("/etc/prometheus/secrets/\(Self.copy)/token")]
                || write["authorization"]
                    == ["credentials_file": JSON("/etc/prometheus/secrets/\(Self.copy)/token")]
        )
        // The gateway sets the header.
        #expect(write["headers"] == nil)
        let pod = try plan.object("StatefulSet", "cluster-agent").json["spec", "template", "spec"]
        let secrets = (pod?["volumes"]?.array ?? []).compactMap { $0["secret", "secretName"]?.string }
        #expect(secrets.contains(Self.copy))
    }

    @Test func `An agent that the tenant does not list is not given the credential, and the message names the entry`()
        throws
    {
        for tenant in ["{id: acme}", "{id: acme, agents: [{namespace: other, name: cluster}]}"] {
            let plan = try Self.scene(tenant).plan(agent: "cluster")
            #expect(
                plan.messages == [
                    "error: PrometheusAgent observability/cluster: spec.tenantRef: Tenant \"observability/tenant-a\" does "
                        + "not let this agent write; add {namespace: observability, name: cluster} to spec.agents of the "
                        + "Tenant"
                ])
            #expect(plan.objects == [])
            // The agent goes on with what it has, and without the copy.
            #expect(plan.keepsExisting)
            #expect(plan.revokes.map(\.key.name) == [Self.copy])
            #expect(try plan.readiness(of: "cluster") == "False AgentNotGranted")
        }
    }

    @Test func `An agent that is not listed goes on with its other destinations`() throws {
        let more = "remoteWrite: [{name: tenant}, {name: other, url: \"http://other/write\"}]"
        let plan = try Self.scene("{id: acme}", agent: Self.agent(more)).plan(agent: "cluster")
        let file = try AgentPlannerTests.configuration(plan)
        #expect(file["remote_write"]?.array?.compactMap { $0["name"]?.string } == ["other"])
        #expect(file["global", "external_labels"]?["tenant"] == "acme")
        #expect(!plan.names.contains("Secret \(Self.copy)"))
        #expect(!plan.keepsExisting)
        #expect(try plan.readiness(of: "cluster") == "False AgentNotGranted")
    }

    @Test func `One of several tenants that does not list the agent does not hold up the others`() throws {
        let agent = Samples.agent.replacing(
            "tenantRef: {name: tenant-a}",
            with: "tenantRefs: [{name: tenant-a, namespaces: [a]}, {name: tenant-b, namespaces: [b]}]")
        var scene = try Self.scene(agent: agent)
        try scene.add(Samples.tenant("tenant-b"))
        try scene.applyCredentials(of: "tenant-b")
        let plan = scene.plan(agent: "cluster")
        #expect(plan.diagnostics.map(\.reason) == ["AgentNotGranted"])
        let file = try AgentPlannerTests.configuration(plan)
        #expect(
            file["remote_write"]?.array?.compactMap { $0["name"]?.string } == ["tenant/observability/tenant-a"])
        #expect(plan.names.filter { $0.contains("-write-as-") } == ["Secret \(Self.copy)"])
    }

    @Test func `A rotation changes the copy once every gateway accepts the new credential, and never the pods`() throws
    {
        var scene = try Self.scene()
        let before = scene.plan(agent: "cluster")
        let old = try before.object("Secret", Self.copy)
        #expect(before.recheckAfter == nil)
        try scene.change("tenant-a") { $0.metadata.annotations = ["tributary.dev/rotate": "1"] }
        try scene.applyCredentials(of: "tenant-a")
        let between = scene.plan(agent: "cluster")
        #expect(try between.object("Secret", Self.copy) == old)
        #expect(between.recheckAfter == .seconds(120))
        scene.snapshot.now = scene.snapshot.now.advanced(by: .seconds(120))
        let after = scene.plan(agent: "cluster")
        #expect(try after.object("Secret", Self.copy) != old)
        #expect(after.recheckAfter == nil)
        #expect(after.objects.filter { $0.name != Self.copy } == before.objects.filter { $0.name != Self.copy })
    }

    @Test func `An agent waits for a credential that does not exist yet, and keeps the copy that it has`() throws {
        var scene = try Self.scene()
        scene.snapshot.take(.tenantCredential(Scene.key("tenant-a"), .write, nil))
        let plan = scene.plan(agent: "cluster")
        #expect(try plan.readiness(of: "cluster") == "False CredentialNotFound")
        #expect(plan.keeps.map(\.key.name) == [Self.copy])
        #expect(plan.names.contains("StatefulSet cluster-agent"))
    }

    @Test func `An agent with credentials of its own keeps them`() throws {
        let more = "remoteWrite: [{name: tenant, authorization: {credentials: {name: mine, key: token}}}]"
        var scene = try Self.scene(agent: Self.agent(more))
        try scene.add(Samples.secret("mine", ["token": "0123456789abcdef"]))
        let write = try AgentPlannerTests.configuration(scene.plan(agent: "cluster"))["remote_write"]?[0]
        #expect(write?["authorization", "credentials_file"] == "/etc/prometheus/secrets/mine/token")
    }

    @Test func `The authority in the Secret of the gateway's certificate comes with the copy`() throws {
        let view = Samples.walled("{tls: {secretName: gateway-tls}}")
        var scene = try Self.scene(view: view)
        func tls() throws -> JSON? {
            try AgentPlannerTests.configuration(scene.plan(agent: "cluster"))["remote_write"]?[0]?["tls_config"]
        }
        #expect(try tls() == nil)
        let certificate = "-----BEGIN CERTIFICATE-----\\nMIIB\\n-----END CERTIFICATE-----\\n"
        try scene.add(Samples.secret("gateway-tls", ["ca.crt": certificate, "tls.key": "private"]))
        #expect(try tls() == ["ca_file": JSON("/etc/prometheus/secrets/\(Self.copy)/ca.crt")])
        let copy = try scene.plan(agent: "cluster").object("Secret", Self.copy)
        #expect(copy.dataKeys == ["ca.crt", "token"])
        #expect(scene.plan(agent: "cluster").credentialSources.map(\.key.name) == ["gateway-tls"])

        try scene.add(Samples.secret("gateway-tls", ["ca.crt": "nonsense"]))
        #expect(try tls() == nil)
        #expect(scene.plan(agent: "cluster").diagnostics.map(\.reason) == ["GatewayAuthorityInvalid"])
    }

    @Test func `The name of the copy is a valid name for the longest names of agents and tenants`() {
        let name = AgentNames.credential(
            ofTenant: String(repeating: "t", count: 253), in: "observability", for: String(repeating: "a", count: 37))
        #expect(name.utf8.count == 253)
        #expect(Self.copy != AgentNames.credential(ofTenant: "tenant-a", in: "other", for: "cluster"))
    }

    // MARK: - Another cluster

    @Test func `The manifests for another cluster have the credential and the address of the Ingress`() throws {
        let view = Samples.walled("{}", "{ingress: {host: metrics.example.org, path: /m/, tls: {secretName: t}}}")
        let scene = try Self.scene(view: view)
        let manifests = try scene.planner.manifests(forTenant: "tenant-a", needsCredential: true)
        #expect(manifests.map(\.kind) == ["Secret", "PrometheusAgent"])
        let token = scene.snapshot.acceptedTokens(.write, of: Scene.key("tenant-a"))[0]
        #expect(manifests[0].json["stringData"] == ["token": JSON(token)])
        let write = manifests[1].json["spec", "remoteWrite"]?[0]
        #expect(write?["url"] == "https://metrics.example.org/m/tenants/write")
        #expect(
            write?["authorization"]
                == ["credentials": ["name": "tenant-a-write-credential", "key": "token"]])
        #expect(write?["headers"] == nil)
        #expect(PrometheusAgent.problems(in: manifests[1]).map(\.description) == [])
        var there = try Scene()
        for object in manifests { try there.add(object) }
        #expect(there.plan(agent: "tenant-a").messages == [])
    }

    @Test func `The manifests for another cluster need an address, a credential, and a tenant that stays`() throws {
        func failure(_ scene: Scene, needsCredential: Bool = true) -> String {
            do {
                _ = try scene.planner.manifests(forTenant: "tenant-a", needsCredential: needsCredential)
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(
            failure(try Self.scene())
                == "error: GlobalView observability/main: spec.ingress: is absent, so that agents of other clusters cannot "
                + "write: http://main-gateway.observability.svc:8080/tenants/write is an address of its own cluster; set "
                + "spec.ingress or spec.httpRoute")
        let view = Samples.walled("{}", "{httpRoute: {host: metrics.example.org, parentRefs: [{name: g}]}}")
        let scene = try Scene(view, Samples.tenant("tenant-a"))
        #expect(
            failure(scene)
                == "--tenant tenant-a: no credential for writing: the files do not have it; add the output of: kubectl get "
                + "secret -n observability tenant-a-write-credential -o yaml")
        #expect(failure(scene, needsCredential: false) == "")
        var leaving = try Self.scene(view: view)
        try leaving.add(Samples.tenant("tenant-a", "{offboarding: {readsFor: 1h}}"))
        #expect(failure(leaving).hasPrefix("--tenant tenant-a: the Tenant has spec.offboarding: writes are refused"))
    }
}
