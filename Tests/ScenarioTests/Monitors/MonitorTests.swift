import Kube
import KubeClient
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// The configuration of agents follows monitors that are applied, edited and deleted.
    @Suite("Monitors", .timeLimit(.minutes(5))) struct MonitorTests {
        @Test(arguments: ClusterKind.available)
        func `An agent scrapes a monitor that is applied, and stops when it is deleted`(kind: ClusterKind) async throws
        {
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
                try await waitUntil("the configuration has the new monitor") {
                    try await scenario.scraped()?.count == 21
                }
                #expect(Set(history.counts).isSubset(of: [20, 21]), "\(history.counts)")
            }
        }
    }
}
