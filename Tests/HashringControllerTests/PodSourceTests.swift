import Kube
import KubeRuntime
import Logging
import TestSupport
import Testing

@testable import HashringController
@testable import KubeClient

@Suite("Pods that may not be watched")
struct PodSourceTests {
    /// An API server of two closures.
    private final class Server: Sendable {
        let lists = Locked(0)
        let watches = Locked(0)
        let mayWatch = Locked(false)
        let refusals = Locked(0)

        func source(_ pace: PodSource.Pace) -> PodSource {
            PodSource(
                ListWatch(
                    list: { _ in
                        let count = self.lists.withLock { count in
                            count += 1
                            return count
                        }
                        return ObjectList(items: [], continueToken: nil, resourceVersion: "\(count)", remaining: nil)
                    },
                    watch: { _ in
                        self.watches.withLock { $0 += 1 }
                        guard self.mayWatch.withLock({ $0 }) else {
                            throw APIStatus(code: 403, reason: "Forbidden", message: "no")
                        }
                        return AsyncThrowingStream<WatchEvent, any Error> { _ in }
                    }), pace: pace, onRefused: { self.refusals.withLock { $0 += 1 } })
        }
    }

    private func run(_ source: PodSource, _ body: () async throws -> Void) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let watcher = Watcher<Int>(
            WatchScope(.pods, streamsLists: false), source: source.listWatch, logger: logger, transform: { _ in 1 },
            deliver: { _ in })
        let task = Task { await watcher.run() }
        let result: Result<Void, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        task.cancel()
        await task.value
        try result.get()
    }

    @Test func `Pods are listed again as soon as there is a hint, but not too often`() async throws {
        let server = Server()
        let least = Duration.milliseconds(50)
        let source = server.source(.init(busy: .seconds(60), settled: .seconds(60), least: least, retry: .seconds(600)))
        try await run(source) {
            try await waitUntil("the first list") { server.lists.withLock { $0 } == 1 }
            for round in 2...4 {
                source.poke()
                try await waitUntil("another list") { server.lists.withLock { $0 } == round }
            }
            // However many hints come, lists keep their distance.
            let start = ContinuousClock.now
            let before = server.lists.withLock { $0 }
            try await waitUntil("lists go on for a while") {
                source.poke()
                return ContinuousClock.now - start >= .milliseconds(300) && server.lists.withLock { $0 } > before
            }
            let count = server.lists.withLock { $0 } - before
            #expect(count <= Int((ContinuousClock.now - start) / least) + 2, "\(count)")
            #expect(server.watches.withLock { $0 } == 1)
            #expect(server.refusals.withLock { $0 } == 1)
        }
    }

    @Test func `Pods are listed periodically while a change is in progress`() async throws {
        let server = Server()
        let source = server.source(
            .init(busy: .milliseconds(10), settled: .seconds(600), least: .milliseconds(1), retry: .seconds(600)))
        try await run(source) {
            try await waitUntil("the first list") { server.lists.withLock { $0 } == 1 }
            source.set(isSettled: false)
            try await waitUntil("more lists") { server.lists.withLock { $0 } > 5 }
        }
    }

    @Test func `Pods are watched as soon as that is allowed`() async throws {
        let server = Server()
        let source = server.source(
            .init(busy: .milliseconds(5), settled: .milliseconds(5), least: .milliseconds(1), retry: .milliseconds(50)))
        try await run(source) {
            try await waitUntil("it asks again") { server.watches.withLock { $0 } > 2 }
            server.mayWatch.withLock { $0 = true }
            let lists = Locked(-1)
            try await waitUntil("it lists no more") {
                let count = server.lists.withLock { $0 }
                defer { lists.withLock { $0 = count } }
                try await Task.sleep(for: .milliseconds(100))
                return count == lists.withLock { $0 }
            }
        }
    }
}
