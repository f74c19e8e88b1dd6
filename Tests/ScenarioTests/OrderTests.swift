import Kube
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// A folder whose objects arrive in any order.
    @Suite(.timeLimit(.minutes(3))) struct Order {
        @Test(arguments: ClusterKind.available)
        func `Objects that are applied in any order make no Warning`(kind: ClusterKind) async throws {
            let folder: [(resource: Resource, name: String, spec: JSON)] = [
                (GlobalView.resource, "main", ["prometheus": ["replicas": 1], "gateway": [:]]),
                (Tenant.resource, "tenant-a", ["globalViewRef": ["name": "main"], "agents": []]),
                (
                    PrometheusAgent.resource, "agent",
                    ["tenantRef": ["name": "tenant-a"], "scrapeConfigs": [["job_name": "self"]]]
                ),
            ]
            for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]] {
                try await Scenario.play(kind) { scenario in
                    for index in order {
                        var (resource, name, spec) = folder[index]
                        if name == "tenant-a" {
                            spec["agents"] = [["namespace": JSON(scenario.namespace), "name": "agent"]]
                        }
                        try await scenario.apply(resource, name, ["spec": spec])
                        // What the next one lacks is seen.
                        try await scenario.tributary.settle(after: 0)
                    }
                    for (resource, name, _) in folder { try await scenario.waitForReady(resource, name) }
                    // Longer than something must be wrong before an Event says so.
                    try await Task.sleep(for: .seconds(6))
                    let events = try await scenario.client.list(.events, namespace: scenario.namespace).items
                    // An API server has warnings of its own, such as of the addresses of Services.
                    let warnings = events.map(\.json).filter {
                        $0["type"] == "Warning" && $0["reportingController"] != "ipallocator-repair-controller"
                    }
                    #expect(warnings == [], "order \(order)")
                }
            }
        }
    }
}
