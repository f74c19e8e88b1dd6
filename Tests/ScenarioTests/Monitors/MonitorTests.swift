import Kube
import KubeClient
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// The configuration of agents follows monitors that are applied, edited and deleted.
    @Suite("Monitors", .timeLimit(.minutes(3))) struct MonitorTests {
        @Test(arguments: ClusterKind.available)
        func `An agent scrapes a monitor that is applied, and stops when it is deleted`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.install(.serviceMonitor)
                try await scenario.applyAgent()
                try await scenario.waitForJobs()
                try await scenario.applyMonitor("shop")
                try await scenario.waitForJobs("shop")
                try await scenario.applyMonitor("till")
                try await scenario.waitForJobs("shop", "till")
                try await scenario.applyMonitor("shop", ["path": "/other"])
                try await waitUntil("the configuration has the new path") {
                    try await scenario.configuration()?.contains("metrics_path: /other") == true
                }
                try await scenario.client.delete(MonitorKind.serviceMonitor.resource, scenario.key("shop"))
                try await scenario.waitForJobs("till")
                #expect(try await scenario.get(PrometheusAgent.resource, "cluster")?.json["status", "rejected"] == 0)
            }
        }

        @Test(arguments: ClusterKind.available)
        func `An invalid monitor gets an Event, does not affect others, and is scraped once it is fixed`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.install(.serviceMonitor)
                try await scenario.applyAgent()
                try await scenario.applyMonitor("good")
                try await scenario.applyMonitor("bad", ["interval": "often"])
                try await scenario.waitForJobs("good")
                try await waitUntil("an Event on the monitor says why") {
                    try await scenario.events("InvalidMonitor", about: "bad").contains { $0.contains("often") }
                }
                try await waitUntil("the agent's status names the monitor") {
                    let status = try await scenario.get(PrometheusAgent.resource, "cluster")?.json["status"]
                    return status?["rejected"] == 1 && status?["rejectedMonitors"]?[0]?["name"] == "bad"
                        && status?["monitors"] == 1
                }
                try await scenario.applyMonitor("good", ["path": "/other"])
                try await waitUntil("the configuration still follows other monitors") {
                    try await scenario.configuration()?.contains("metrics_path: /other") == true
                }
                try await scenario.applyMonitor("bad", ["interval": "5s"])
                try await scenario.waitForJobs("good", "bad")
                try await waitUntil("the status no longer names the monitor") {
                    let status = try await scenario.get(PrometheusAgent.resource, "cluster")?.json["status"]
                    return status?["rejected"] == 0 && status?["rejectedMonitors"] == nil
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A monitor is scraped once its Secret exists, and the credential is mounted as a file`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.install(.serviceMonitor)
                try await scenario.applyAgent()
                try await scenario.applyMonitor("open")
                try await scenario.applyMonitor("secured", Scenario.tokenEndpoint)
                try await scenario.waitForJobs("open")
                try await waitUntil("an Event on the monitor says why") {
                    try await !scenario.events("CredentialNotFound", about: "secured").isEmpty
                }
                try await scenario.apply(.secrets, "credentials", ["stringData": ["token": "s3cret"]])
                try await scenario.waitForJobs("open", "secured")
                let file = "secret_\(scenario.namespace)_credentials_token"
                #expect(try await scenario.configuration()?.contains("/etc/prometheus/assets/\(file)") == true)
                func asset() async throws -> String? {
                    try await scenario.get(.secrets, "cluster-agent-assets")?.json["data"]?[file]?.string
                }
                #expect(try await asset() == Base64.encode("s3cret".utf8))
                try await scenario.patch(.secrets, "credentials", ["stringData": ["token": "renewed"]])
                try await waitUntil("the new value is copied") { try await asset() == Base64.encode("renewed".utf8) }
                try await scenario.client.delete(.secrets, scenario.key("credentials"))
                try await scenario.waitForJobs("open")
                let log = try scenario.tributary.log.lines.joined()
                #expect(!log.contains("s3cret") && !log.contains("renewed"))
            }
        }

        @Test(arguments: ClusterKind.available)
        func `The deletion of an agent deletes its Secrets`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.install(.serviceMonitor)
                try await scenario.applyAgent()
                try await scenario.applyMonitor("shop")
                try await scenario.waitForJobs("shop")
                try await scenario.client.delete(PrometheusAgent.resource, scenario.key("cluster"))
                try await scenario.waitUntilGone(.secrets, "cluster-agent")
                try await scenario.waitUntilGone(.secrets, "cluster-agent-assets")
                // A deleted agent is no longer reconciled, and can be created again.
                try await scenario.applyMonitor("till")
                try await scenario.applyAgent()
                try await scenario.waitForJobs("shop", "till")
            }
        }

        @Test(arguments: ClusterKind.available)
        func `An operator that restarts publishes no incomplete configuration while it reads Secrets`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.install(.serviceMonitor)
                try await scenario.apply(.secrets, "credentials", ["stringData": ["token": "s3cret"]])
                try await scenario.applyAgent()
                for number in 0..<20 {
                    try await scenario.applyMonitor("m-\(number)", number % 2 == 0 ? [:] : Scenario.tokenEndpoint)
                }
                try await waitUntil("the configuration has all monitors") { try await scenario.scraped()?.count == 20 }
                let history = try await scenario.recordJobs()
                defer { history.stop() }
                try await scenario.stop(scenario.tributary)
                scenario.startOperator(userAgent: "tributary-next")
                try await scenario.applyMonitor("m-20")
                try await waitUntil("the configuration has the new monitor") { try await scenario.scraped()?.count == 21 }
                #expect(Set(history.counts).isSubset(of: [20, 21]), "\(history.counts)")
            }
        }
    }

    /// Tests of an operator that watches all namespaces, each in its own cluster.
    @Suite("Monitors of all namespaces", .timeLimit(.minutes(3))) struct ClusterMonitorTests {
        @Test func `A kind of monitor is followed once it is installed, and no longer once it is removed`() async throws
        {
            try await Scenario.play(.local, startsOperator: false) { scenario in
                scenario.startOperator { $0.namespace = nil }
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
                scenario.startOperator { $0.namespace = nil }
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
                scenario.startOperator { $0.namespace = nil }
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
                scenario.startOperator { $0.namespace = nil }
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
