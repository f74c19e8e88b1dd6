import Kube
import KubeClient
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI

/// A real agent's own metrics say which of its monitors match nothing.
@Suite("Monitors that match nothing", .withDiscovery, .timeLimit(.minutes(5)))
struct IdleMonitorStory {
    @Test(arguments: await InstalledPrograms.discovering)
    func `A monitor that matches nothing is named in the status and by an Event until it matches`(
        _ installed: InstalledPrometheus
    ) async throws {
        // The agent is asked each second in place of each minute, so that it takes seconds in place of minutes.
        try await Pipeline.play(installed, deliveryInterval: .seconds(1)) { pipeline in
            let scenario = pipeline.scenario
            _ = try await pipeline.startCentral()
            try await pipeline.targets.add("shop-0", app: "shop")
            try await scenario.applyMonitor("shop")
            try await scenario.applyMonitor("nothing")
            try await scenario.apply(
                MonitorKind.podMonitor.resource, "half",
                [
                    "spec": [
                        "selector": ["matchLabels": ["app": "shop"]],
                        "podMetricsEndpoints": [["port": "web"], ["port": "wbe"]],
                    ]
                ])
            try await pipeline.applyAgent()
            try await pipeline.startAgent(at: freeLoopbackAddress(port: 9090)) { text in
                ["/shop/0", "/nothing/0", "/half/1"].allSatisfy(text.contains)
            }
            var status: JSON = .null
            func named() async throws -> [String] {
                status = try await scenario.get(PrometheusAgent.resource, "cluster")?.json["status"] ?? .null
                return (status["monitorsWithoutTargets"]?.array ?? []).compactMap { $0["name"]?.string }
            }
            try await pipeline.eventually("the status names them: \(status.text())", within: .seconds(120)) {
                try await named() == ["half", "nothing"]
            }
            #expect(status["withoutTargets"] == 2)
            #expect(status["monitors"] == 3)
            #expect(
                status["monitorsWithoutTargets"]?[0]?["message"]?.string?.hasPrefix("spec.podMetricsEndpoints[1]: ")
                    == true)
            try await pipeline.eventually("Events on the monitors say so") {
                let half = try await scenario.events("NoTargets", about: "half")
                let nothing = try await scenario.events("NoTargets", about: "nothing")
                return !half.isEmpty && nothing.contains { $0.contains("has had no targets for some minutes") }
            }
            #expect(try await scenario.events("NoTargets", about: "shop").isEmpty)

            try await pipeline.targets.add("nothing-0", app: "nothing")
            try await pipeline.eventually("it is no longer named once it matches", within: .seconds(120)) {
                try await named() == ["half"]
            }
            #expect(status["withoutTargets"] == 1)
        }
    }
}
