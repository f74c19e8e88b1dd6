import TestSupport
import Testing

/// What people get wrong in files and nobody else tells: fields that do not exist, objects that are there twice, files in
/// which nothing is read, groups of forks.
@Suite struct `Mistakes in manifests` {
    private static let agent = """
        apiVersion: tributary.dev/v1alpha1
        kind: PrometheusAgent
        metadata: {name: cluster, namespace: monitoring}
        spec:
          version: v3.5.0
          scrape_interval: 30s
          schedulerName: mine
          serviceMonitorSelector: {}
          remoteWrite: [{url: "http://central.example.org/api/v1/write"}]
        """

    private static func monitor(_ name: String, group: String = "monitoring.coreos.com", more: String = "") -> String {
        """
        apiVersion: \(group)/v1
        kind: ServiceMonitor
        metadata: {name: \(name), namespace: monitoring}
        spec: {selector: {}, endpoints: [{port: web\(more)}]}
        """
    }

    private static let goodAgent = agent.replacing("  scrape_interval: 30s\n  schedulerName: mine\n", with: "")

    private static let deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: a}
        """

    private static let unknown = [
        "agent.yaml:6:3: warning: PrometheusAgent monitoring/cluster: spec.scrape_interval: is not a field of a PrometheusAgent, and is ignored. Did you mean \"scrapeInterval\"?",
        "agent.yaml:7:3: warning: PrometheusAgent monitoring/cluster: spec.schedulerName: is a field of prometheus-operator's PrometheusAgent that Tributary's does not have, and is ignored",
        "web.yaml:4:46: warning: ServiceMonitor monitoring/web: spec.endpoints[0].scrape_interval: is not a field of a ServiceMonitor, and is ignored. Did you mean \"interval\"?",
    ]

    @Test func `lint and render warn of unknown fields, and the objects still take effect`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        _ = try folder.write("agent.yaml", Self.agent)
        _ = try folder.write("web.yaml", Self.monitor("web", more: ", scrape_interval: 10s"))
        let expected = Self.unknown.map { "\(folder.root)/\($0)" }
        let lint = try await Tool.run("lint", folder.root)
        #expect(lint.output.split(separator: "\n").map(String.init) == expected)
        #expect(lint.code == 0)
        let render = try await Tool.run("render", "-f", folder.root, "-o", "config")
        #expect(render.errorLines == expected)
        #expect(render.code == 0)
        #expect(render.output.contains("job_name: serviceMonitor/monitoring/web/0"))
    }

    @Test func `A monitor that no agent selects is checked, too`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let path = try folder.write("web.yaml", Self.monitor("web", more: ", scrape_interval: 10s"))
        let lint = try await Tool.run("lint", path)
        #expect(lint.output == "\(folder.root)/\(Self.unknown[2])\n")
    }
}
