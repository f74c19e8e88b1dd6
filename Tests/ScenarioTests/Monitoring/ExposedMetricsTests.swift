import Hashring
import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// The metrics that a running operator exposes.
    @Suite(
        .enabled(if: Program.path != nil, "no tributary beside the tests; TRIBUTARY_BIN names one"),
        .timeLimit(.minutes(5)))
    struct ExposedMetrics {
        /// The metrics of other programs: Prometheus itself, and Thanos Receive 0.43 (`pkg/receive/config.go`).
        private static let foreign: Set<String> = [
            "up", "thanos_receive_config_hash", "thanos_receive_hashrings_file_errors_total",
            "prometheus_remote_storage_shards_desired", "prometheus_remote_storage_shards_max",
            "prometheus_remote_storage_samples_in_total",
        ]

        @Test(arguments: ClusterKind.available)
        func `The operator exposes every metric of alerts and dashboard, and the hash that receivers compute`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind, startsOperator: false) { scenario in
                try await Program.with(scenario) { program in
                    let lease = try await scenario.installedLease()
                    let port = try freePort()
                    let process = try program.start([
                        "--leader-elect", "--leader-election-namespace", lease.namespace, "--metrics-bind-address",
                        "127.0.0.1:\(port)",
                    ])
                    try await scenario.applyReceivers("a", hashring: "default", 3)
                    try await scenario.applyReceivers("b", hashring: "hard-0", 1)
                    try await scenario.applyView(Scenario.hashring("hard-0"), Scenario.hashring("default", soft: true))
                    try await scenario.applyTenant("tenant-a", ["hashring": "hard-0"])
                    try await scenario.applyTenant("tenant-b", ["hashring": "nowhere"])
                    try await scenario.hashrings.waitFor("hard-0(tenant-a): b-0", "default: a-0 a-1 a-2")
                    try await scenario.waitForReady(GlobalView.resource, "main")
                    let metrics = try await Self.metrics(port)
                    let families = Set(
                        metrics.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map {
                            String($0.split(separator: " ")[2])
                        })
                    let expressions =
                        try MonitoringExpressions.rules().compactMap { $0["expr"]?.string }
                        + MonitoringExpressions.ofDashboard()
                    let read = Set(expressions.flatMap { MonitoringExpressions.metrics(in: $0) })
                    let missing = read.filter {
                        !Self.foreign.contains($0) && !families.contains(MonitoringExpressions.family($0))
                    }
                    #expect(missing.isEmpty, "not exposed: \(missing.sorted())")
                    #expect(read.count >= 20)

                    let text = try #require(scenario.hashrings.texts.last)
                    let labels = #"{namespace="\#(scenario.namespace)",globalview="main""#
                    for line in [
                        "tributary_hashring_hash\(labels)} \(HashringFile.configHash(of: text))",
                        "tributary_hashring_published\(labels)} 1",
                        "tributary_hashring_members\(labels),hashring=\"default\"} 3",
                        "tributary_hashring_desired\(labels),hashring=\"hard-0\"} 1",
                        "tributary_hashring_tenants\(labels),hashring=\"hard-0\"} 1",
                        "tributary_globalview_tenants\(labels)} 2", "tributary_watches_failing 0",
                    ] {
                        #expect(metrics.contains("\n\(line)\n"), "\(line)")
                    }
                    #expect(metrics.contains(#"reason="HashringNotFound""#))

                    try await scenario.client.delete(GlobalView.resource, scenario.key("main"))
                    try await waitUntil("the metrics of the view are gone") {
                        try await !Self.metrics(port).contains("globalview=\"main\"")
                    }
                    process.signal(15)
                    try await waitUntil("the operator exits") { !process.isRunning }
                }
            }
        }

        private static func metrics(_ port: Int) async throws -> String {
            let curl = try #require(ChildProcess.find("curl"))
            return try await ChildProcess.run(curl, ["-sf", "http://127.0.0.1:\(port)/metrics"]).output
        }
    }
}
