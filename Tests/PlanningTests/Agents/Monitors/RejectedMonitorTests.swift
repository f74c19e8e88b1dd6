import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

/// A rejected monitor does not affect others.
@Suite("Rejected monitors")
struct RejectedMonitorTests {
    static let agent = MonitorSamples.agent("serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {}")
    static let good = MonitorSamples.serviceMonitor("good")

    @Test func `A monitor that Prometheus would refuse is left out alone, and the status names its field and value`()
        throws
    {
        let bad = MonitorSamples.serviceMonitor("bad", in: "shop", endpoint: "port: web, interval: often")
        let plan = try Scene(Self.agent, Self.good, bad).plan(agent: "cluster")
        #expect(try plan.jobs() == ["serviceMonitor/observability/good/0"])
        #expect(plan.rejected == ["ServiceMonitor shop/bad: InvalidMonitor"])
        let message = plan.monitors?.rejected.first?.message ?? ""
        #expect(message.contains("interval") && message.contains("often"), "\(message)")
        let status = try plan.status(of: "cluster")
        #expect(status["monitors"] == 1)
        #expect(status["rejected"] == 1)
        #expect(status["rejectedMonitors"]?[0]?["namespace"] == "shop")
        #expect(status["rejectedMonitors"]?[0]?["message"] == JSON(message))
        #expect(
            PrometheusAgent.schema.validate(["status": status]).filter { $0.path.steps.first == .key("status") } == [])
        #expect(!plan.keepsExisting)
    }

    @Test func `A monitor whose Secret is missing is left out alone, until the Secret exists`() throws {
        var scene = try Scene(
            Self.agent, Self.good, MonitorSamples.serviceMonitor("secured", in: "shop", endpoint: MonitorSamples.token))
        let plan = scene.plan(agent: "cluster")
        #expect(try plan.jobs() == ["serviceMonitor/observability/good/0"])
        #expect(plan.rejected == ["ServiceMonitor shop/secured: CredentialNotFound"])
        #expect(plan.monitors?.rejected.first?.message.contains("there is no Secret shop/credentials") == true)
        #expect(
            plan.credentialSources == [CredentialSource(.secret, ObjectKey(namespace: "shop", name: "credentials"))])

        try scene.add(MonitorSamples.secret("credentials", in: "shop", ["other": "x"]))
        #expect(scene.plan(agent: "cluster").rejected == ["ServiceMonitor shop/secured: CredentialNotFound"])

        try scene.add(MonitorSamples.secret("credentials", in: "shop", ["token": "s3cret"]))
        let mended = scene.plan(agent: "cluster")
        #expect(try mended.jobs().count == 2)
        #expect(mended.rejected == [])
        let file = "secret_shop_credentials_token"
        #expect(try mended.file().contains("/etc/prometheus/assets/\(file)"))
        #expect(try !mended.file().contains("s3cret"))
        #expect(try mended.file("cluster-agent-assets", file) == "s3cret")
        let pod = try mended.object("StatefulSet", "cluster-agent").json["spec", "template", "spec"] ?? [:]
        #expect(pod["volumes"]?.array?.contains { $0["secret"] == ["secretName": "cluster-agent-assets"] } == true)
        let mounts = pod["containers"]?[0]?["volumeMounts"]?.array ?? []
        #expect(mounts.contains { $0["mountPath"] == "/etc/prometheus/assets" && $0["readOnly"] == true })
    }

    @Test func `A ScrapeConfig whose discovery lacks its Secret is left out, until the Secret exists`() throws {
        var scene = try Scene(
            MonitorSamples.agent("scrapeConfigSelector: {}"),
            """
            apiVersion: monitoring.coreos.com/v1alpha1
            kind: ScrapeConfig
            metadata: {name: machines}
            spec: {consulSDConfigs: [{server: "consul:8500", tokenRef: {name: consul, key: token}}]}
            """)
        let source = CredentialSource(.secret, Scene.key("consul"))
        scene.snapshot.take(.credential(source, nil))
        let plan = scene.plan(agent: "cluster")
        #expect(plan.rejected == ["ScrapeConfig observability/machines: CredentialNotFound"])
        // The Secret must be watched to notice when it appears.
        #expect(plan.credentialSources == [source])
        try scene.add(MonitorSamples.secret("consul", ["token": "s3cret"]))
        #expect(try scene.plan(agent: "cluster").jobs() == ["scrapeConfig/observability/machines"])
    }

    @Test func `A changed monitor or credential does not recreate the agent's pods`() throws {
        var scene = try Scene(Self.agent, Self.good)
        let before = try scene.plan(agent: "cluster").object("StatefulSet", "cluster-agent")
        try scene.add(MonitorSamples.serviceMonitor("secured", endpoint: MonitorSamples.token))
        try scene.add(MonitorSamples.secret("credentials", ["token": "s3cret"]))
        let plan = scene.plan(agent: "cluster")
        #expect(try plan.jobs().count == 2)
        #expect(try plan.object("StatefulSet", "cluster-agent") == before)
    }

    @Test func `An agent publishes nothing until the Secrets of its monitors have been read`() throws {
        var scene = try Scene(Self.agent, MonitorSamples.serviceMonitor("secured", endpoint: MonitorSamples.token))
        try scene.reset(credentials: .watched)
        let plan = scene.plan(agent: "cluster")
        #expect(plan.isWaiting && plan.keepsExisting)
        #expect(plan.objects == [] && plan.statuses == [])
        #expect(plan.credentialSources == [CredentialSource(.secret, Scene.key("credentials"))])
        scene.snapshot.take(.credential(CredentialSource(.secret, Scene.key("credentials")), nil))
        #expect(scene.plan(agent: "cluster").rejected == ["ServiceMonitor observability/secured: CredentialNotFound"])
    }

    @Test(arguments: [
        "/etc/prometheus/assets/secret_b_x_token", "/etc/prometheus/config/../assets/secret_b_x_token",
        "../assets//secret_b_x_token", "/etc/prometheus/./assets/secret_b_x_token",
    ])
    func `A monitor cannot read the credentials of another monitor`(path: String) throws {
        let thief = MonitorSamples.serviceMonitor("thief", endpoint: "port: web, bearerTokenFile: \(path)")
        let plan = try Scene(Self.agent, Self.good, thief).plan(agent: "cluster")
        #expect(plan.rejected == ["ServiceMonitor observability/thief: InvalidMonitor"])
        #expect(try plan.jobs() == ["serviceMonitor/observability/good/0"])
    }

    @Test func `An agent's own job with the name of a monitor's job is left out`() throws {
        let agent = MonitorSamples.agent(
            """
            serviceMonitorSelector: {}, \
            scrapeConfigs: [{job_name: serviceMonitor/observability/good/0, static_configs: [{targets: ["a:1"]}]}]
            """)
        let plan = try Scene(agent, Self.good).plan(agent: "cluster")
        #expect(try plan.jobs() == ["serviceMonitor/observability/good/0"])
        #expect(plan.diagnostics.map(\.reason) == ["ScrapeConfigRejected"])
    }

    @Test func `The status stays valid with more rejected monitors than it can list`() throws {
        var scene = try Scene(Self.agent)
        let long = String(repeating: "x", count: 3000)
        for number in 0..<80 {
            try scene.add(MonitorSamples.serviceMonitor("bad-\(number)", endpoint: "port: web, interval: \(long)"))
        }
        let status = try scene.plan(agent: "cluster").status(of: "cluster")
        #expect(status["rejected"] == 80)
        #expect(status["rejectedMonitors"]?.array?.count == 50)
        #expect(
            PrometheusAgent.schema.validate(["status": status]).filter { $0.path.steps.first == .key("status") } == [])
    }

    @Test func `A monitor cannot use credentials outside the only namespace of the operator`() throws {
        var scene = try Scene(
            Self.agent, MonitorSamples.serviceMonitor("secured", in: "shop", endpoint: MonitorSamples.token))
        try scene.reset(watched: WatchedNamespaces([Scene.namespace]))
        try scene.add(MonitorSamples.secret("credentials", in: "shop", ["token": "s3cret"]))
        let plan = scene.plan(agent: "cluster")
        #expect(plan.monitors?.rejected.first?.message.contains("out of reach") == true)
    }
}
