#if canImport(Glibc)
import Glibc
#endif
import Kube
import LocalCluster
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// What a process holds after many faults.
    @Suite(
        "Leaks",
        .enabled(if: Program.path != nil, "tributary is not found next to the tests: set TRIBUTARY_BIN"),
        .timeLimit(.minutes(5)))
    struct LeakTests {
        /// How much more memory of its own a process may have after the faults: what malloc keeps varies by some MiB.
        private static let mostGrowth = 8 << 20

        @Test(arguments: ClusterKind.available)
        func `After fifty faults a process holds no more files, connections, threads and memory than before`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind, startsOperator: false) { scenario in
                let clock = FakeClock.isPossible ? try await FakeClock() : nil
                defer { clock?.remove() }
                try await Program.with(scenario) { program in
                    let process = try program.start([], environment: clock?.environment ?? [:])
                    try await OutageTests.setUp(scenario)
                    // The first ones fill pools and caches.
                    for round in 0..<10 { try await Self.play(round, clock, process, scenario) }
                    try await waitUntil("its connections are idle") { scenario.local.map { $0.watchCount > 0 } ?? true }
                    let before = try await Self.use(of: process)
                    let watches = scenario.local?.watchCount
                    for round in 10..<60 { try await Self.play(round, clock, process, scenario) }
                    try await waitUntil("it holds no more files than before") {
                        try ProcessUse(of: process.pid).files <= before.files + 4
                    }
                    if let watches {
                        try await waitUntil("its watches are as before") { scenario.local?.watchCount == watches }
                    }
                    let after = try await Self.use(of: process)
                    #expect(after.threads <= before.threads + 2, "\(before) \(after)")
                    #expect(after.memory <= before.memory + Self.mostGrowth, "\(before) \(after)")
                    await process.stop()
                    try await scenario.expectComplete(resources: 2)
                }
            }
        }

        /// Has the process restore a file while it is frozen for a moment, its clock jumps, or its writes fail.
        private static func play(
            _ round: Int, _ clock: FakeClock?, _ process: ChildProcess, _ scenario: Scenario
        ) async throws {
            let fault: Fault? = [
                .status(APIStatus(httpCode: 401, message: "injected")),
                .status(APIStatus(httpCode: 403, message: "injected")),
                .status(APIStatus(httpCode: 500, message: "injected")), .dropConnection, nil,
            ][round % 5]
            let left = Locked(2)
            scenario.local?.faults = { request in
                guard request.userAgent.hasPrefix("tributary/"), request.verb == "apply" else { return nil }
                return left.withLock { left in
                    left -= 1
                    return left < 0 ? nil : fault
                }
            }
            try clock?.set(ahead: round % 3 == 0 ? 3600 : 0)
            if round % 4 == 0 { process.signal(SIGSTOP) }
            try await scenario.patch(.configMaps, "main-hashrings", ["data": ["hashrings.json": "[]"]])
            if round % 4 == 0 { process.signal(SIGCONT) }
            try await waitUntil("the file is restored after round \(round)", within: .seconds(30)) {
                let text = try await scenario.get(.configMaps, "main-hashrings")?.json["data", "hashrings.json"]
                return text != "[]"
            }
        }

        /// What the process holds once that does not shrink any more.
        private static func use(of process: ChildProcess) async throws -> ProcessUse {
            try await Task.sleep(for: .seconds(1))
            return try ProcessUse(of: process.pid)
        }
    }
}
