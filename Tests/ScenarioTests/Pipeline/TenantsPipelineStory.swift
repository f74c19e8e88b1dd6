import Kube
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI

@Suite("Monitors of several tenants", .withDiscovery, .timeLimit(.minutes(5)))
struct TenantsPipelineStory {
    @Test(arguments: await InstalledPrograms.discovering)
    func `Series from a shared agent arrive only as those of their own tenant, whatever targets claim`(
        _ installed: InstalledPrometheus
    ) async throws {
        let receiver = try await RemoteWriteReceiver.start(tenantHeader: "X-Scope-OrgID")
        try await Pipeline.play(installed, everywhere: true) { pipeline in
            let scenario = pipeline.scenario
            try await scenario.apply(
                GlobalView.resource, "main",
                ["spec": ["external": ["writeURL": JSON("\(receiver.url)/push"), "tenantHeader": "X-Scope-OrgID"]]])
            var shares: [JSON] = []
            for (tenant, other) in [("a", "b"), ("b", "a")] {
                try await scenario.apply(
                    Tenant.resource, "tenant-\(tenant)",
                    ["spec": ["globalViewRef": ["name": "main"], "id": JSON(tenant)]])
                let namespace = "team-\(tenant)"
                try await scenario.client.create(.namespaces, Object(.namespaces, name: namespace))
                // The target claims to belong to the other tenant.
                try await pipeline.targets.add("app-\(tenant)", app: "app", in: namespace) { _ in
                    """
                    own{from="\(tenant)"} 1
                    borrowed{from="\(tenant)",namespace="team-\(other)",tenant="\(other)"} 1
                    """
                }
                for honors in [false, true] {
                    let resource = MonitorKind.podMonitor.resource
                    try await scenario.client.apply(
                        resource,
                        Object(
                            resource, namespace: namespace, name: honors ? "honors" : "plain",
                            [
                                "spec": [
                                    "selector": ["matchLabels": ["app": "app"]],
                                    "podMetricsEndpoints": [["port": "web", "honorLabels": .bool(honors)]],
                                ]
                            ]), fieldManager: "kubectl", force: true)
                }
                shares.append(["name": JSON("tenant-\(tenant)"), "namespaces": [JSON(namespace)]])
            }
            // The third namespace has no tenant.
            try await scenario.client.create(.namespaces, Object(.namespaces, name: "unowned"))
            try await pipeline.targets.add("app-n", app: "app", in: "unowned") { _ in "own{from=\"nobody\"} 1" }
            let resource = MonitorKind.podMonitor.resource
            try await scenario.client.apply(
                resource,
                Object(
                    resource, namespace: "unowned", name: "plain",
                    ["spec": ["selector": ["matchLabels": ["app": "app"]], "podMetricsEndpoints": [["port": "web"]]]]),
                fieldManager: "kubectl", force: true)
            try await pipeline.applyAgent([
                "tenantRef": .null, "tenantRefs": .array(shares), "podMonitorNamespaceSelector": [:],
            ])
            let agent = try await pipeline.startAgent { text in
                ["podMonitor/team-a/", "podMonitor/team-b/", "podMonitor/unowned/"].allSatisfy(text.contains)
            }
            try await pipeline.eventually("all three targets are scraped") { try await Set(agent.pods()).count == 3 }
            let unowned = try #require(pipeline.targets["app-n"])
            try await pipeline.eventually("the series of both tenants have arrived") {
                let borrowed = receiver.received.filter { $0.labels["__name__"] == "borrowed" }
                return Set(borrowed.compactMap { $0.labels["from"] }) == ["a", "b"] && unowned.scrapes > 3
            }
            let received = receiver.received
            #expect(Set(received.map(\.tenant)) == ["a", "b"])
            for series in received {
                let from = series.labels["from"] ?? series.labels["namespace"].map { String($0.dropFirst(5)) }
                #expect(series.tenant == from, "\(series)")
                #expect(series.labels["namespace"] == "team-\(series.tenant ?? "")", "\(series)")
            }
            // Both monitors of each tenant have sent the series.
            for tenant in ["a", "b"] {
                let jobs = received.filter { $0.tenant == tenant && $0.labels["__name__"] == "borrowed" }
                #expect(Set(jobs.compactMap { $0.labels["job"] }) == ["team-\(tenant)/plain", "team-\(tenant)/honors"])
            }
        }
        await receiver.stop()
    }
}
