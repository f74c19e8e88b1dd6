import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

/// Credentials that an agent's own settings name and that do not exist.
@Suite("Missing credentials of agents")
struct MissingCredentialsTests {
    private static let pem = "-----BEGIN CERTIFICATE-----\\nMAA=\\n-----END CERTIFICATE-----\\n"
    private static let open = "{name: open, url: 'https://open.example.org'}"
    private static let basic = """
        {name: guarded, url: 'https://guarded.example.org', basicAuth: {username: {name: creds, key: user},
         password: {name: creds, key: password}}}
        """
    private static let secured = """
        {name: secured, url: 'https://secured.example.org', tlsConfig: {ca: {secret: {name: tls, key: ca.crt}}},
         authorization: {credentials: {name: token, key: token}}}
        """

    private static func agent(_ writes: String..., more: String = "") -> String {
        """
        apiVersion: tributary.dev/v1alpha1
        kind: PrometheusAgent
        metadata: {name: cluster, generation: 1}
        spec:
          version: v3.5.0
          remoteWrite: [\(writes.joined(separator: ", "))]
        \(more)
        """
    }

    private static func secret(_ name: String, _ data: String) -> String {
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: \(name)}
        stringData: {\(data)}
        """
    }

    private func writes(_ plan: Plan) throws -> [JSON?] {
        (try AgentPlannerTests.configuration(plan)["remote_write"]?.array ?? []).map { $0["name"] }
    }

    private func pods(_ plan: Plan) throws -> Object { try plan.object("StatefulSet", "cluster-agent") }

    @Test func `The status names a missing credential, and remote writes that read it per request stay`() throws {
        let plan = try Scene(Self.agent(Self.basic, Self.open)).plan(agent: "cluster")
        #expect(try writes(plan) == ["guarded", "open"])
        #expect(!plan.keepsExisting)
        let told = ["basicAuth.password", "basicAuth.username"].map {
            "error: PrometheusAgent observability/cluster: spec.remoteWrite[0].\($0): "
                + "there is no Secret observability/creds"
        }
        #expect(plan.messages.sorted() == told)
        #expect(Set(plan.diagnostics.map(\.reason)) == ["CredentialNotFound"])
        #expect(try plan.readiness(of: "cluster") == "False CredentialNotFound")
        #expect(try plan.condition("Reconciling", of: "cluster").status == .true)
        #expect(
            try plan.condition("Ready", of: "cluster").message
                == "spec.remoteWrite[0].basicAuth.password: there is no Secret observability/creds; and 1 more")
        let volumes = try pods(plan).json["spec", "template", "spec"]?["volumes"]?.array ?? []
        #expect(volumes.contains { $0["secret"] == ["secretName": "creds", "optional": true] })
        #expect(plan.credentialSources == [CredentialSource(.secret, Scene.key("creds"))])
    }

    @Test func `The message about a missing key lists the existing keys without their values`() throws {
        let scene = try Scene(Self.agent(Self.basic), Self.secret("creds", "user: me, other: s3cret"))
        let plan = scene.plan(agent: "cluster")
        #expect(
            plan.diagnostics.map(\.text) == [
                "spec.remoteWrite[0].basicAuth.password: Secret observability/creds has no key \"password\"; "
                    + "it has: other, user"
            ])
        #expect(!plan.messages.joined().contains("s3cret"))
    }

    @Test func `A credential that appears or disappears changes neither pods nor configuration`() throws {
        var scene = try Scene(Self.agent(Self.basic, Self.open))
        let before = scene.plan(agent: "cluster")
        try scene.add(Self.secret("creds", "user: me, password: s3cret"))
        let after = scene.plan(agent: "cluster")
        #expect(after.objects == before.objects)
        #expect(after.diagnostics == [])
        #expect(try after.readiness(of: "cluster") == "False WaitingForPods")
        scene.snapshot.take(.credential(CredentialSource(.secret, Scene.key("creds")), nil))
        #expect(scene.plan(agent: "cluster").objects == before.objects)
    }

    @Test func `A missing credential that Prometheus needs to load its file leaves out only that remote write`() throws
    {
        var scene = try Scene(Self.agent(Self.secured, Self.open))
        let without = scene.plan(agent: "cluster")
        #expect(try writes(without) == ["open"])
        #expect(
            without.diagnostics.map { "\($0.reason): \($0.text)" } == [
                "RemoteWriteRejected: spec.remoteWrite[0].tlsConfig.ca.secret: there is no Secret observability/tls"
            ])
        #expect(try without.readiness(of: "cluster") == "False RemoteWriteRejected")
        #expect(try without.condition("Reconciling", of: "cluster").status == .true)

        try scene.add(Self.secret("tls", "ca.crt: no certificate"))
        let wrong = scene.plan(agent: "cluster")
        #expect(try writes(wrong) == ["open"])
        #expect(wrong.messages.first?.contains("contains no PEM block with a certificate") == true, "\(wrong.messages)")

        try scene.add(Self.secret("tls", "ca.crt: \"\(Self.pem)\""))
        try scene.add(Self.secret("token", "token: s3cret"))
        let with = scene.plan(agent: "cluster")
        #expect(try writes(with) == ["secured", "open"])
        #expect(with.diagnostics == [])
        #expect(try pods(with) == pods(without))
    }

    @Test func `A missing credential of the only remote write keeps the published configuration`() throws {
        let plan = try Scene(Self.agent(Self.secured)).plan(agent: "cluster")
        #expect(plan.objects == [] && plan.keepsExisting)
        #expect(try plan.readiness(of: "cluster") == "False CredentialNotFound")
        // A Secret may be created a little later, so watching tools must not give up.
        #expect(try plan.condition("Stalled", of: "cluster").status == .false)
    }

    @Test func `A missing certificate for tracing leaves out tracing alone`() throws {
        let more = """
              tracingConfig:
                endpoint: traces.example.org:4317
                tlsConfig: {ca: {configMap: {name: authorities, key: ca.crt}}}
            """
        var scene = try Scene(Self.agent(Self.open, more: more))
        let without = scene.plan(agent: "cluster")
        #expect(try AgentPlannerTests.configuration(without)["tracing"] == nil)
        #expect(try writes(without) == ["open"])
        #expect(
            without.diagnostics.map(\.text) == [
                "spec.tracingConfig.tlsConfig.ca.configMap: there is no ConfigMap observability/authorities"
            ])
        try scene.add(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: authorities}
            data: {ca.crt: "\(Self.pem)"}
            """)
        let with = scene.plan(agent: "cluster")
        #expect(
            try AgentPlannerTests.configuration(with)["tracing", "tls_config"] == [
                "ca_file": "/etc/prometheus/configmaps/authorities/ca.crt"
            ])
        #expect(try pods(with) == pods(without))
    }

    @Test func `A missing certificate of the agent's own web server is reported, and pods do not start without it`()
        throws
    {
        let more = """
              web: {tlsConfig: {cert: {secret: {name: web, key: tls.crt}}, keySecret: {name: web, key: tls.key}}}
            """
        let plan = try Scene(Self.agent(Self.open, more: more)).plan(agent: "cluster")
        #expect(
            plan.diagnostics.map(\.text).sorted() == [
                "spec.web.tlsConfig.cert.secret: there is no Secret observability/web",
                "spec.web.tlsConfig.keySecret: there is no Secret observability/web",
            ])
        let volumes = try pods(plan).json["spec", "template", "spec"]?["volumes"]?.array ?? []
        #expect(volumes.contains { $0["secret"] == ["secretName": "web"] })
    }

    @Test func `A missing credential that several tenants share is reported once`() throws {
        let plan = try SharedAgentTests.scene(
            """

              remoteWrite:
              - {name: tenant, authorization: {credentials: {name: token, key: token}}}
            """
        ).plan(agent: "cluster")
        #expect(
            plan.diagnostics.map(\.text) == [
                "spec.remoteWrite[0].authorization.credentials: there is no Secret observability/token"
            ])
    }

    @Test func `The sidecar of Prometheus before 3 reloads it when a certificate appears`() throws {
        let text = Self.agent(Self.secured, Self.open).replacing("v3.5.0", with: "v2.53.0")
        let plan = try Scene(text, Self.secret("tls", "ca.crt: \"\(Self.pem)\"")).plan(agent: "cluster")
        let containers = try pods(plan).json["spec", "template", "spec"]?["containers"]?.array ?? []
        let sidecar = try #require(containers.first { $0["name"] == "reload" })
        #expect(sidecar["args"]?.array?.contains("--watch-dir=/etc/prometheus/secrets/tls") == true)
        #expect(sidecar["volumeMounts"]?.array?.contains { $0["mountPath"] == "/etc/prometheus/secrets/tls" } == true)
        // Files that Prometheus reads with each request need no reload.
        #expect(sidecar["args"]?.array?.contains("--watch-dir=/etc/prometheus/secrets/token") == false)
    }

    @Test func `A credential counts as existing if the plan is made from files`() throws {
        let monitor = MonitorSamples.serviceMonitor(
            "tls", endpoint: "port: web, tlsConfig: {ca: {secret: {name: tls, key: ca.crt}}}")
        var scene = try Scene(
            Self.agent(Self.secured, Self.basic, more: "  serviceMonitorSelector: {}"), monitor)
        try scene.reset(credentials: .assumed)
        let plan = scene.plan(agent: "cluster")
        #expect(try writes(plan) == ["secured", "guarded"])
        #expect(plan.diagnostics == [])
        #expect(plan.rejected == [])
        #expect(try plan.jobs() == ["serviceMonitor/observability/tls/0"])
    }

    @Test func `An agent waits until its credentials have been read`() throws {
        var scene = try Scene(Self.agent(Self.basic, Self.open))
        try scene.reset(credentials: .watched)
        let plan = scene.plan(agent: "cluster")
        #expect(plan.isWaiting && plan.objects == [] && plan.statuses == [])
        #expect(plan.credentialSources == [CredentialSource(.secret, Scene.key("creds"))])
    }
}
