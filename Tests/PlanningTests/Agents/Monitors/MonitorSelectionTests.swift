import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

/// Agents select monitors by prometheus-operator's rules.
@Suite("Selection of monitors")
struct MonitorSelectionTests {
    struct Case: CustomTestStringConvertible {
        var spec: String
        var jobs: [String]
        var testDescription: String { spec }

        init(_ spec: String, _ jobs: String...) {
            self.spec = spec
            self.jobs = jobs.map { "serviceMonitor/\($0)/0" }
        }
    }

    static let cases = [
        Case("logLevel: info"),
        Case("serviceMonitorSelector: {}", "observability/own"),
        Case("serviceMonitorNamespaceSelector: {}"),
        Case(
            "serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {}", "observability/own", "shop/cart",
            "shop/till", "tenant-a-dev/web", "tenant-a/web"),
        Case(
            "serviceMonitorSelector: {matchLabels: {team: shop}}, serviceMonitorNamespaceSelector: {}", "shop/cart"),
        Case(
            "serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {matchLabels: {scrape: here}}", "shop/cart",
            "shop/till"),
        Case(
            """
            serviceMonitorSelector: {matchExpressions: [{key: team, operator: DoesNotExist}]}, \
            serviceMonitorNamespaceSelector: {matchExpressions: [{key: scrape, operator: In, values: [here]}]}
            """, "shop/till"),
        Case(
            """
            serviceMonitorSelector: {}, \
            serviceMonitorNamespaceSelector: {matchLabels: {kubernetes.io/metadata.name: tenant-a}}
            """, "tenant-a/web"),
        Case("podMonitorSelector: {}, podMonitorNamespaceSelector: {}"),
    ]

    static func scene(_ spec: String) throws -> Scene {
        try Scene(
            MonitorSamples.agent(spec), MonitorSamples.namespace("shop", "{scrape: here}"),
            MonitorSamples.namespace("tenant-a", "{}"),
            MonitorSamples.serviceMonitor("till", in: "shop"),
            MonitorSamples.serviceMonitor("cart", in: "shop", labels: "{team: shop}"),
            MonitorSamples.serviceMonitor("web", in: "tenant-a"),
            MonitorSamples.serviceMonitor("web", in: "tenant-a-dev"), MonitorSamples.serviceMonitor("own"))
    }

    @Test(arguments: cases) func `An agent selects monitors by their labels and by the labels of their namespaces`(
        which: Case
    ) throws {
        #expect(try Self.scene(which.spec).plan(agent: "cluster").jobs() == which.jobs)
    }

    @Test func `Jobs are sorted by kind, namespace and name, with the agent's own jobs last`() throws {
        var scene = try Scene(
            MonitorSamples.agent(
                """
                serviceMonitorSelector: {}, podMonitorSelector: {}, probeSelector: {}, \
                additionalScrapeConfigs: {name: more, key: jobs.yaml}, \
                scrapeConfigs: [{job_name: own, static_configs: [{targets: ["a:1"]}]}]
                """),
            MonitorSamples.probe("p"), MonitorSamples.serviceMonitor("b"), MonitorSamples.serviceMonitor("a"),
            MonitorSamples.podMonitor("z"))
        try scene.add(
            MonitorSamples.secret("more", ["jobs.yaml": "- job_name: more\n  static_configs: [{targets: [\"b:1\"]}]\n"])
        )
        let plan = scene.plan(agent: "cluster")
        #expect(plan.messages == [])
        #expect(
            try plan.jobs() == [
                "podMonitor/observability/z/0", "more", "serviceMonitor/observability/a/0",
                "serviceMonitor/observability/b/0", "probe/observability/p", "own",
            ])
        #expect(try plan.status(of: "cluster")["monitors"] == 6)
    }

    @Test func `A changed monitor concerns the agents that select it`() throws {
        var scene = try Self.scene("serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {}")
        let monitor = try #require(
            ObservedMonitor(
                Object([
                    "apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor",
                    "metadata": ["name": "x", "namespace": "anywhere"],
                ])))
        #expect(scene.snapshot.take(.monitor(.serviceMonitor, monitor.key, monitor)) == [.agent(Scene.key("cluster"))])
        let probe = try #require(
            ObservedMonitor(
                Object([
                    "apiVersion": "monitoring.coreos.com/v1", "kind": "Probe",
                    "metadata": ["name": "x", "namespace": "observability"],
                ])))
        #expect(scene.snapshot.take(.monitor(.probe, probe.key, probe)) == [])
    }

    @Test func `An operator for one namespace selects monitors only there and warns about it`() throws {
        var scene = try Scene(
            MonitorSamples.agent("serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {matchLabels: {a: b}}"))
        try scene.reset(watched: WatchedNamespaces([Scene.namespace]))
        let plan = scene.plan(agent: "cluster")
        #expect(plan.diagnostics.map(\.reason) == ["NamespacesOutOfReach"])
    }

    @Test func `An operator for some namespaces lets agents discover targets there, and says where it cannot`() throws {
        var scene = try Scene(
            MonitorSamples.agent(
                "scrapeConfigs: [{job_name: all, kubernetes_sd_configs: [{role: pod}]}, "
                    + "{job_name: far, kubernetes_sd_configs: [{role: pod, namespaces: {names: [far]}}]}]"))
        try scene.reset(watched: WatchedNamespaces([Scene.namespace, "shop"]))
        let plan = scene.plan(agent: "cluster")
        let roles = plan.objects.filter { $0.kind == "Role" }.map { $0.namespace ?? "" }.sorted()
        #expect(roles == [Scene.namespace, "shop"])
        #expect(!plan.objects.contains { $0.kind == "ClusterRoleBinding" })
        let problem = try #require(plan.diagnostics.first { $0.reason == "DiscoveryNotAllowed" }).message
        #expect(
            problem.hasPrefix(
                "its jobs read namespace far and all namespaces, which the operator cannot allow since it is installed for "
                    + "namespaces observability, shop: bind ServiceAccount "))
    }

    @Test func `An agent that selects a kind that is not installed gets a warning`() throws {
        var scene = try Scene(MonitorSamples.agent("probeSelector: {}"))
        scene.snapshot.take(.monitorKind(.probe, isServed: false))
        #expect(
            scene.plan(agent: "cluster").messages == [
                "warning: PrometheusAgent observability/cluster: spec.probeSelector: the cluster does not serve "
                    + "Probes: the CustomResourceDefinition probes.monitoring.coreos.com is not installed"
            ])
    }
}
