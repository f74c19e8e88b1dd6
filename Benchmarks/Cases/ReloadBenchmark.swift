#if canImport(Glibc)
import Glibc
#endif
import TestSupport

/// Measures the side-car of agents: its memory, and the time until it sees a new configuration.
enum ReloadBenchmark {
    static func run(_ report: Report) async throws {
        Progress.say("the reload side-car")
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        for name in ["config", "out"] { mkdir(folder.path(name), 0o700) }
        try folder.write("config/prometheus.yaml", "round: 0\n")
        let child = try ChildProcess(
            OperatorProcess.path,
            ["reload", "--config-dir", folder.path("config"), "--output-dir", folder.path("out")],
            logPath: folder.path("log"))
        do {
            var samples = Samples()
            let clock = ContinuousClock()
            for round in 0..<100 {
                let text = "round: \(round)\n"
                let start = clock.now
                try folder.write("config/prometheus.yaml", text)
                try await waitUntil("the side-car has copied the configuration") {
                    (try? TemporaryDirectory.read(folder.path("out/prometheus.yaml"))) == text
                }
                samples.add(clock.now - start)
            }
            report.set("reload side-car, mounted file → Prometheus's file, median", .local, samples.median)
            report.set(
                "reload side-car, resident", .local, megabytes: ProcessMemory(of: child.pid).resident, atMost: 10)
        } catch {
            await child.stop()
            throw error
        }
        await child.stop()
    }
}
