import Kube
import KubeClient
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Monitors of a fork of prometheus-operator, and fields that no definition has dropped.
    @Suite("Monitors of a fork", .timeLimit(.minutes(3))) struct MonitorGroupTests {
        /// A real cluster binds the role of `manifests/`, which has the group of prometheus-operator only.
        @Test(arguments: [ClusterKind.local])
        func `An operator for a fork's group scrapes its monitors, not those of prometheus-operator`(
            kind: ClusterKind
        ) async throws {
            let fork = try #require(MonitorGroup("monitoring.rhobs"))
            try await Scenario.play(kind, startsOperator: false) { scenario in
                try await scenario.install(.serviceMonitor)
                scenario.startOperator { $0.monitorGroup = fork }
                try await scenario.applyAgent()
                try await scenario.applyMonitor("other")
                let resource = fork.resource(of: .serviceMonitor)
                try await scenario.client.apply(
                    .customResourceDefinitions, resource.looseDefinition, fieldManager: "installer", force: true)
                for (name, interval) in [("shop", "5s"), ("bad", "often")] {
                    let monitor = Object(
                        resource, namespace: scenario.namespace, name: name,
                        ["spec": ["selector": [:], "endpoints": [["port": "web", "interval": JSON(interval)]]]])
                    try await waitUntil("the fork's kind is served") {
                        do {
                            _ = try await scenario.client.apply(
                                resource, monitor, fieldManager: "kubectl", force: true)
                            return true
                        } catch let status as APIStatus where status.isNotFound {
                            return false
                        }
                    }
                }
                try await scenario.waitForJobs("shop")
                try await waitUntil("the Event is about the fork's object") {
                    let events = try await scenario.client.list(.events, namespace: scenario.namespace).items
                    return events.contains {
                        $0.json["regarding", "apiVersion"] == "monitoring.rhobs/v1"
                            && $0.json["regarding", "name"] == "bad" && $0.json["reason"] == "InvalidMonitor"
                    }
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A field that the kind does not have gets an Event, and the monitor is scraped`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.install(.serviceMonitor)
                try await scenario.applyAgent()
                // The definition of the tests drops nothing.
                try await scenario.applyMonitor("shop", ["scrape_interval": "10s"])
                try await scenario.waitForJobs("shop")
                try await waitUntil("an Event names the right field") {
                    try await scenario.events("UnknownField", about: "shop").contains {
                        $0.contains("spec.endpoints[0].scrape_interval") && $0.contains("Did you mean \"interval\"?")
                    }
                }
            }
        }
    }
}
