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

    @Test func `The commands lint and render warn of unknown fields, and the objects still take effect`() async throws {
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

    @Test func `An object that is in the files twice is named with both places`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        _ = try folder.write("a.yaml", Self.monitor("web"))
        _ = try folder.write("b.yaml", Self.monitor("shop") + "\n---\n" + Self.monitor("web"))
        _ = try folder.write("c.yaml", Self.goodAgent)
        let render = try await Tool.run("render", "-f", folder.root)
        #expect(
            render.errorLines == [
                "\(folder.root)/b.yaml:6:1: warning: ServiceMonitor monitoring/web: is given twice, first at \(folder.root)/a.yaml:1:1; the last one counts"
            ])
        let same = Array(repeating: Self.deployment, count: 100)
        let many = try folder.write("many.yaml", same.joined(separator: "\n---\n"))
        let lint = try await Tool.run("lint", many)
        #expect(lint.output.split(separator: "\n").count == 22)
        #expect(lint.output.contains("many.yaml: warning: 79 more objects are given twice\n"))
    }

    @Test func `Files in which nothing is read are named in one line, with what is in them`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        _ = try folder.write("a.yaml", Self.monitor("web"))
        for number in 0..<30 {
            let deployment = Self.deployment.replacing("name: a", with: "name: a\(number)")
            _ = try folder.write("d\(number).yaml", deployment)
        }
        let line = "\(folder.root)/d0.yaml:1:1: info: nothing in this and 29 more files is read: 30 Deployment"
        let lint = try await Tool.run("lint", folder.root)
        #expect(lint.output == "\(line)\n")
        #expect(lint.code == 0)
        let render = try await Tool.run("render", "-f", folder.root)
        #expect(render.errorLines == [line])
    }

    @Test func `A fork's group is read once it is named, and is suggested where it is not`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let agent = try folder.write("agent.yaml", Self.goodAgent)
        let fork = try folder.write("fork.yaml", Self.monitor("web", group: "monitoring.rhobs", more: ", nonsense: 1"))
        let without = try await Tool.run("render", "-f", agent, fork, "-o", "config")
        #expect(
            without.errorLines == [
                "\(fork):1:1: warning: 1 monitor of the API group monitoring.rhobs passed over: --monitoring-group monitoring.rhobs reads those of that group",
                "\(fork):1:1: info: nothing in this file is read: 1 ServiceMonitor",
            ])
        #expect(!without.output.contains("serviceMonitor/"))
        let with = try await Tool.run(
            "render", "-f", agent, fork, "-o", "config", "--monitoring-group", "monitoring.rhobs")
        #expect(with.output.contains("job_name: serviceMonitor/monitoring/web/0"))
        let lint = try await Tool.run("lint", "--monitoring-group", "monitoring.rhobs", agent, fork)
        #expect(lint.output.contains("spec.endpoints[0].nonsense: is not a field of a ServiceMonitor"))
        #expect(try await Tool.run("lint", "--monitoring-group", "rhobs", fork).code == 2)
    }
}
