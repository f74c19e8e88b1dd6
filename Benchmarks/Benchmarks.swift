#if canImport(Glibc)
import Glibc
#endif
import Kube
import TestSupport

/// Runs the benchmarks and prints their figures, which `README.md` explains.
///
/// Arguments name those to run. Without arguments, all run but the long ones. A figure above its limit is marked, but the exit
/// code is still 0, except for `soak`.
@main
enum Benchmarks {
    private static let all: [(name: String, run: @Sendable (Report) async throws -> Void)] = [
        ("latency", latency), ("agent", agent), ("fleet", fleet), ("listing", listing), ("drop-in", dropIn),
        ("render", { try await RenderBenchmark.run($0) }),
        ("reload", { try await ReloadBenchmark.run($0) }), ("gateway", gateway), ("convergence", convergence),
        ("scale", scale), ("soak", { try await SoakBenchmark.run($0) }),
    ]

    /// Those that take minutes, and run only by name.
    private static let long: Set<String> = ["scale", "soak"]

    /// The number of tenants; the environment variable `TENANTS` overrides it.
    private static let tenants = ChildProcess.environment["TENANTS"].flatMap { Int($0) } ?? 10_000

    /// The number of monitors; the environment variable `MONITORS` overrides it.
    private static let monitors = ChildProcess.environment["MONITORS"].flatMap { Int($0) } ?? 2000

    static func main() async throws {
        let wanted = Array(CommandLine.arguments.dropFirst())
        let unknown = wanted.filter { name in !all.contains { $0.name == name } }
        guard unknown.isEmpty else {
            Progress.say(
                "unknown benchmarks: \(unknown.joined(separator: ", ")); expected some of "
                    + all.map(\.name).joined(separator: ", "))
            return
        }
        let report = Report()
        for (name, run) in all where wanted.contains(name) || wanted.isEmpty && !long.contains(name) {
            do {
                try await run(report)
            } catch {
                report.set("\(name) could not be measured", .local, "\(error)", isOver: true)
                if name == "soak" { report.fail() }
            }
        }
        report.write()
        if report.hasFailed { exit(1) }
    }

    @Sendable private static func latency(_ report: Report) async throws {
        for side in Server.available {
            try await Server.with(side) { server in
                try await IdleBenchmark.memory(on: server, report)
                for receivers in [3, 200] { try await HashringBenchmark.run(on: server, receivers: receivers, report) }
            }
        }
    }

    @Sendable private static func agent(_ report: Report) async throws {
        for side in Server.available {
            for others in [0, monitors] {
                try await Server.with(side) { try await AgentBenchmark.run(on: $0, others: others, report) }
            }
        }
    }

    @Sendable private static func fleet(_ report: Report) async throws {
        for hasGateway in [false, true] {
            try await Server.with(.local) {
                try await FleetBenchmark.run(on: $0, tenants: tenants, hasGateway: hasGateway, report)
            }
        }
    }

    @Sendable private static func convergence(_ report: Report) async throws {
        for side in Server.available {
            try await Server.with(side) {
                try await ConvergenceBenchmark.run(on: $0, tenants: min(tenants, 2000), report)
            }
        }
    }

    @Sendable private static func scale(_ report: Report) async throws {
        try await Server.with(.local) { try await ScaleBenchmark.run(on: $0, report) }
    }

    @Sendable private static func gateway(_ report: Report) async throws {
        try GatewayPlanning.run(tenants: tenants, report)
        try await GatewayBenchmark.run(tenants: tenants, report)
    }

    @Sendable private static func dropIn(_ report: Report) async throws {
        for side in Server.available {
            try await Server.with(side) { try await DropInBenchmark.run(on: $0, receivers: 200, report) }
        }
    }

    @Sendable private static func listing(_ report: Report) async throws {
        for side in Server.available {
            try await Server.with(side) { try await ListingBenchmark.run(on: $0, objects: 10_000, report) }
        }
    }
}
