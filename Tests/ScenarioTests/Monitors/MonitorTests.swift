import Kube
import KubeClient
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Monitors are applied, edited and deleted, and what agents scrape follows.
    @Suite(.timeLimit(.minutes(3))) struct Monitors {
        @Test(arguments: ClusterKind.available)
        func `a monitor that is applied is scraped, one that is deleted no more`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.install(.serviceMonitor)
                try await scenario.applyAgent()
                try await scenario.waitForJobs()
                try await scenario.applyMonitor("shop")
                try await scenario.waitForJobs("shop")
                try await scenario.applyMonitor("till")
                try await scenario.waitForJobs("shop", "till")
                try await scenario.applyMonitor("shop", ["path": "/other"])
                try await waitUntil("the edit is followed") {
                    try await scenario.configuration()?.contains("metrics_path: /other") == true
                }
                try await scenario.client.delete(MonitorKind.serviceMonitor.resource, scenario.key("shop"))
                try await scenario.waitForJobs("till")
                #expect(try await scenario.get(PrometheusAgent.resource, "cluster")?.json["status", "rejected"] == 0)
            }
        }

        @Test(arguments: ClusterKind.available)
        func `a bad monitor is told so, the others are scraped, and mended it is taken in`(
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
                try await waitUntil("the agent's status names it") {
                    let status = try await scenario.get(PrometheusAgent.resource, "cluster")?.json["status"]
                    return status?["rejected"] == 1 && status?["rejectedMonitors"]?[0]?["name"] == "bad"
                        && status?["monitors"] == 1
                }
                try await scenario.applyMonitor("good", ["path": "/other"])
                try await waitUntil("edits of others go on being followed") {
                    try await scenario.configuration()?.contains("metrics_path: /other") == true
                }
                try await scenario.applyMonitor("bad", ["interval": "5s"])
                try await scenario.waitForJobs("good", "bad")
                try await waitUntil("the status names it no more") {
                    let status = try await scenario.get(PrometheusAgent.resource, "cluster")?.json["status"]
                    return status?["rejected"] == 0 && status?["rejectedMonitors"] == nil
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `a monitor whose Secret comes later is taken in then, and its credential is a file`(
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
                try await waitUntil("a renewed value is copied") { try await asset() == Base64.encode("renewed".utf8) }
                try await scenario.client.delete(.secrets, scenario.key("credentials"))
                try await scenario.waitForJobs("open")
                let log = try scenario.tributary.log.lines.joined()
                #expect(!log.contains("s3cret") && !log.contains("renewed"))
            }
        }

        @Test(arguments: ClusterKind.available)
        func `an agent that is deleted takes along what was made for it`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.install(.serviceMonitor)
                try await scenario.applyAgent()
                try await scenario.applyMonitor("shop")
                try await scenario.waitForJobs("shop")
                try await scenario.client.delete(PrometheusAgent.resource, scenario.key("cluster"))
                try await scenario.waitUntilGone(.secrets, "cluster-agent")
                try await scenario.waitUntilGone(.secrets, "cluster-agent-assets")
                // It is looked at no longer, and can come again.
                try await scenario.applyMonitor("till")
                try await scenario.applyAgent()
                try await scenario.waitForJobs("shop", "till")
            }
        }

        @Test(arguments: ClusterKind.available)
        func `an operator that starts again publishes nothing in between, though Secrets are still to be read`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.install(.serviceMonitor)
                try await scenario.apply(.secrets, "credentials", ["stringData": ["token": "s3cret"]])
                try await scenario.applyAgent()
                for number in 0..<20 {
                    try await scenario.applyMonitor("m-\(number)", number % 2 == 0 ? [:] : Scenario.tokenEndpoint)
                }
                try await waitUntil("all are scraped") { try await scenario.scraped()?.count == 20 }
                let history = try await scenario.recordJobs()
                defer { history.stop() }
                try await scenario.stop(scenario.tributary)
                scenario.startOperator(userAgent: "tributary-next")
                try await scenario.applyMonitor("m-20")
                try await waitUntil("it works") { try await scenario.scraped()?.count == 21 }
                #expect(Set(history.counts).isSubset(of: [20, 21]), "\(history.counts)")
            }
        }
    }

    /// What is only where the operator looks at a whole cluster, each in a cluster of its own.
    @Suite(.timeLimit(.minutes(3))) struct MonitorsEverywhere {
        @Test func `a kind that is installed later is followed at once, and one that is removed no more`() async throws
        {
            try await Scenario.play(.local, startsOperator: false) { scenario in
                scenario.startOperator { $0.namespace = nil }
                try await scenario.applyAgent()
                try await scenario.waitForJobs()
                try await waitUntil("the agent is told that the kind is not there") {
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

        @Test func `a namespace that is relabelled is looked into, or no more`() async throws {
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

        @Test func `an operator whose agents select no monitors watches none of it`() async throws {
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
                try await waitUntil("the agent is there") { try await scenario.configuration() != nil }
                let extra: Set = ["servicemonitors", "podmonitors", "customresourcedefinitions", "namespaces"]
                #expect(watched().isDisjoint(with: extra))
                try await scenario.applyAgent()
                try await scenario.applyMonitor("shop")
                try await scenario.waitForJobs("shop")
                #expect(watched().intersection(extra) == ["servicemonitors", "customresourcedefinitions"])
            }
        }

        @Test func `an agent whose monitors look into all namespaces is bound to the installed ClusterRole`()
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
                try await waitUntil("there is a binding") { try await binding() != nil }
                #expect(try await binding()?.json["roleRef", "name"] == "tributary-agent-discovery")
                try await scenario.client.delete(PrometheusAgent.resource, scenario.key("cluster"))
                try await waitUntil("the binding is gone with the agent") { try await binding() == nil }
            }
        }
    }
}
