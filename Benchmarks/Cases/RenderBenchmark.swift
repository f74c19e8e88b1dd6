import Kube
import TestSupport
import TributaryAPI
import YAML

/// Measures `tributary render` of thousands of tenants.
enum RenderBenchmark {
    static func run(_ report: Report) async throws {
        let count = 10_000
        Progress.say("render of \(count) tenants")
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let view = Object(
            GlobalView.resource, namespace: "fleet", name: Receivers.viewName,
            [
                "spec": [
                    "external": [
                        "writeURL": "https://mimir.example.com/api/v1/push",
                        "queryURL": "https://mimir.example.com/prometheus", "tenantHeader": "X-Scope-OrgID",
                    ]
                ]
            ])
        let objects = [view] + (0..<count).map(FleetBenchmark.tenant)
        try directory.write("tenants.yaml", YAML.write(objects.map(\.json)))
        let began = ContinuousClock.now
        let child = try ChildProcess(
            OperatorProcess.path, ["render", "-f", directory.path("tenants.yaml")], logPath: "/dev/null")
        var peak = 0.0
        while child.isRunning {
            peak = max(peak, ProcessMemory(of: child.pid).peak)
            try await Task.sleep(for: .milliseconds(5))
        }
        let time = ContinuousClock.now - began
        guard child.exitStatus == 0 else {
            throw WaitingError(description: "render ended with wait status \(child.exitStatus ?? -1)")
        }
        report.set("render of \(count) Tenants (no server)", .local, time)
        report.set("render of \(count) Tenants, peak memory", .local, megabytes: peak)
    }
}
