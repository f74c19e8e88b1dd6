import Kube
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI

@Suite("Configurations of several Secrets", .withDiscovery, .timeLimit(.minutes(5)))
struct LargePipelineStory {
    @Test(arguments: await InstalledPrograms.discovering)
    func `Prometheus loads all jobs of a configuration that is larger than a Secret`(_ installed: InstalledPrometheus)
        async throws
    {
        try await Pipeline.play(installed) { pipeline in
            let target = try await pipeline.targets.add("shop-0", app: "shop")
            // 400 jobs of about 3 KiB are more than the 1 MiB that a Secret can have.
            let dropped = (0..<200).map { "metric_\($0)_bucket" }.joined(separator: "|")
            let endpoints = (0..<10).map { index -> JSON in
                [
                    "port": "web", "path": JSON("/metrics/\(index)"),
                    "metricRelabelings": [["sourceLabels": ["__name__"], "regex": JSON(dropped), "action": "drop"]],
                ]
            }
            let count = 40
            for index in 0..<count {
                try await pipeline.scenario.apply(
                    MonitorKind.podMonitor.resource, "m-\(index)",
                    [
                        "spec": [
                            "selector": ["matchLabels": ["app": "shop"]],
                            "podMetricsEndpoints": .array(endpoints),
                        ]
                    ])
            }
            try await pipeline.scenario.apply(
                GlobalView.resource, "main", ["spec": ["external": ["writeURL": "http://127.0.0.1:1/write"]]])
            try await pipeline.scenario.apply(
                Tenant.resource, "tenant-a", ["spec": ["globalViewRef": ["name": "main"], "id": "a"]])
            try await pipeline.applyAgent(["scrapeInterval": "5s"])
            let agent = try await pipeline.startAgent { text in
                text.split(separator: "\n").count { $0.hasPrefix("- job_name: podMonitor/") } >= count * 10
            }

            let file = "\(agent.folder)/prometheus.yaml"
            #expect(try TemporaryDirectory.read(file).contains("scrape_config_files:"))
            let checked = try await ChildProcess.run(installed.promtool, ["check", "config", "--agent", file])
            #expect(checked.code == 0, "\(checked.output.suffix(1000))")
            var pools: Set<String> = []
            try await pipeline.eventually("every job has its target") {
                pools = Set(try await agent.targets().map(\.pool))
                return pools.count == count * 10
            }
            try await pipeline.eventually("every job scrapes its target") {
                target.asked.count == 10 && target.scrapes >= 400
            }

            // The same process follows one more monitor.
            try await pipeline.scenario.apply(
                MonitorKind.podMonitor.resource, "one-more",
                [
                    "spec": [
                        "selector": ["matchLabels": ["app": "shop"]],
                        "podMetricsEndpoints": [["port": "web", "path": "/more"]],
                    ]
                ])
            try await pipeline.eventually("the new job scrapes its target") { target.asked.contains("/more") }
            #expect(agent.process.isRunning)
        }
    }
}
