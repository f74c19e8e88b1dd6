import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// What an operator needs after many faults. It is a process of its own, in which nothing else runs.
    @Suite(
        "Leaks after broken watches",
        .enabled(if: Program.path != nil, "tributary is not found next to the tests: set TRIBUTARY_BIN"),
        .timeLimit(.minutes(5)))
    struct BrokenWatchLeakTests {
        @Test(arguments: ClusterKind.available)
        func `Hundreds of broken watches leave no memory, thread, connection or descriptor behind`(kind: ClusterKind)
            async throws
        {
            try await FaultedScenario.with(kind) { faulted in
                let proxy = faulted.proxy
                try await Program.with(faulted.scenario, as: ClusterConfiguration(server: proxy.url)) { program in
                    let process = try program.start(["--no-watch-delivery"])
                    try await faulted.applyObjects()
                    try await faulted.waitUntilQuiet()
                    let watches = faulted.watches
                    func breakWatches(_ rounds: Range<Int>) async throws -> Int {
                        var count = 0
                        for round in rounds {
                            try await waitUntil("the same watches are open") { faulted.watches == watches }
                            // An operator waits before it opens a watch again that was open for less than a second.
                            try await Task.sleep(for: .milliseconds(1050))
                            count += proxy.breakOpen(round % 2 == 0 ? .end(last: []) : .expired)
                        }
                        try await faulted.waitUntilQuiet()
                        try await waitUntil("the same watches are open") { faulted.watches == watches }
                        return count
                    }
                    proxy.breakOpen(.cut)
                    _ = try await breakWatches(0..<6)
                    let connections = proxy.openConnectionCount
                    let first = try ProcessUse(of: process.pid)
                    let count = try await breakWatches(0..<28)
                    let last = try ProcessUse(of: process.pid)
                    #expect(count >= 200)
                    #expect(last.resident - first.resident < 4096 << 10, "\(count) breaks: \(first) \(last)")
                    #expect(last.threads <= first.threads, "\(first) \(last)")
                    #expect(last.files <= first.files + 2, "\(first) \(last)")
                    #expect(proxy.openConnectionCount <= connections + 2)
                    #expect(last.resident > 0 && last.files > watches.count)
                    // It still works.
                    try await faulted.change()
                    try await faulted.waitForEnd()
                    OutageTests.expectGrowth(faulted.scenario, from: 4)
                }
            }
        }
    }
}
