import Kube
import KubeClient
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Tests of an operator that watches all namespaces, each in its own cluster.
    @Suite("Monitors of all namespaces", .timeLimit(.minutes(5))) struct ClusterMonitorTests {
        @Test func `A kind of monitor is followed once it is installed, and no longer once it is removed`() async throws
        {
            try await Scenario.play(.local, startsOperator: false) { scenario in
                scenario.startOperator { $0.namespaces = .all }
                try await scenario.applyAgent()
                try await scenario.waitForJobs()
                try await waitUntil("an Event says that the kind is not served") {
                    try await !scenario.events("KindNotServed", about: "cluster").isEmpty
                }
                try await scenario.install(.serviceMonitor)
                try await scenario.applyMonitor("shop")
                try await scenario.waitForJobs("shop")
                try await scenario.client.delete(
                    .customResourceDefinitions,
                    ObjectKey(namespace: "", name: "servicemonitors.monitoring.coreos.com"))
                try await scenario.waitForJobs()
                try await scenario.install(.serviceMonitor)
                try await scenario.applyMonitor("till")
                try await scenario.waitForJobs("till")
            }
        }

        @Test func `A namespace that is relabelled is selected or no longer selected by agents`() async throws {
            try await Scenario.play(.local, startsOperator: false) { scenario in
                scenario.startOperator { $0.namespaces = .all }
                try await scenario.install(.serviceMonitor)
                let other = try await scenario.client.create(
                    .namespaces, Object(["metadata": ["generateName": "other-"]])
                ).name
                try await scenario.applyAgent([
                    "serviceMonitorNamespaceSelector": ["matchLabels": ["scrape": "yes"]]
                ])
                try await scenario.applyMonitor("own")
                try await scenario.applyMonitor("far", in: other)
                try await scenario.waitForJobs()
                func label(_ value: JSON) async throws {
                    try await scenario.client.patch(
                        .namespaces, ObjectKey(namespace: "", name: other), .merge,
                        body: ["metadata": ["labels": ["scrape": value]]])
                }
                try await label("yes")
                try await scenario.waitForJobs("\(other)/far")
                try await label(.null)
                try await scenario.waitForJobs()
                try await label("yes")
                try await scenario.waitForJobs("\(other)/far")
                try await scenario.applyAgent(["serviceMonitorNamespaceSelector": [:]])
                try await scenario.waitForJobs("own", "\(other)/far")
                try await scenario.patch(
                    PrometheusAgent.resource, "cluster", ["spec": ["serviceMonitorNamespaceSelector": .null]])
                try await scenario.waitForJobs("own")
            }
        }

        @Test func `An operator whose agents select no monitors does not watch monitors`() async throws {
            try await Scenario.play(.local, startsOperator: false) { scenario in
                scenario.startOperator { $0.namespaces = .all }
                try await scenario.install(.serviceMonitor)
                let local = try #require(scenario.local)
                func watched() -> Set<String> {
                    Set(
                        local.requests.filter { $0.verb == "watch" && $0.userAgent == "tributary" }
                            .map { String($0.resource.prefix { $0 != "." }) })
                }
                try await scenario.applyAgent(["serviceMonitorSelector": .null])
                try await waitUntil("the agent has a configuration") { try await scenario.configuration() != nil }
                let extra: Set = ["servicemonitors", "podmonitors", "customresourcedefinitions", "namespaces"]
                #expect(watched().isDisjoint(with: extra))
                try await scenario.applyAgent()
                try await scenario.applyMonitor("shop")
                try await scenario.waitForJobs("shop")
                #expect(watched().intersection(extra) == ["servicemonitors", "customresourcedefinitions"])
            }
        }

        @Test func `An agent whose monitors select all namespaces is bound to the installed ClusterRole`()
            async throws
        {
            try await Scenario.play(.local, startsOperator: false) { scenario in
                scenario.startOperator { $0.namespaces = .all }
                try await scenario.install(.serviceMonitor)
                try await scenario.applyAgent()
                let resource = MonitorKind.serviceMonitor.resource
                try await scenario.apply(
                    resource, "all",
                    ["spec": ["selector": [:], "namespaceSelector": ["any": true], "endpoints": [["port": "web"]]]])
                let key = ObjectKey(namespace: "", name: "\(scenario.namespace).cluster-agent-discovery")
                func binding() async throws -> Object? {
                    do {
                        return try await scenario.client.get(.clusterRoleBindings, key)
                    } catch let status as APIStatus where status.isNotFound {
                        return nil
                    }
                }
                try await waitUntil("the binding exists") { try await binding() != nil }
                #expect(try await binding()?.json["roleRef", "name"] == "tributary-agent-discovery")
                try await scenario.client.delete(PrometheusAgent.resource, scenario.key("cluster"))
                try await waitUntil("the binding is deleted with the agent") { try await binding() == nil }
            }
        }
    }
}
