import Kube
import KubeRuntime
import Testing

@Suite("Doing something with many elements", .timeLimit(.minutes(4))) struct ConcurrentlyTests {
    private struct Refused: Error {}

    @Test func `Results are in the order of the elements, and only so many run at once`() async {
        let running = Locked((now: 0, most: 0))
        let results = await concurrently(Array(0..<50), atMost: 4) { element in
            running.withLock { running in
                running.now += 1
                running.most = max(running.most, running.now)
            }
            // The first ones end only once as many run as may.
            while running.withLock({ $0.most < 4 }) { await Task.yield() }
            // So that the later one of two may end first.
            for _ in 0..<(3 - element % 3) { await Task.yield() }
            running.withLock { $0.now -= 1 }
            return element * 2
        }
        #expect(results == (0..<50).map { $0 * 2 })
        #expect(running.withLock { $0.most } == 4)
    }

    @Test func `After the first error nothing more is started`() async {
        let started = Locked(0)
        await #expect(throws: Refused.self) {
            _ = try await concurrently(Array(0..<100), atMost: 3) { element in
                started.withLock { $0 += 1 }
                if element == 0 { throw Refused() }
                // The others end only when they are cancelled.
                while !Task.isCancelled { await Task.yield() }
            }
        }
        #expect(started.withLock { $0 } <= 3)
    }

    @Test func `Without elements there are no results`() async {
        #expect(await concurrently([Int]()) { $0 } == [])
    }
}
