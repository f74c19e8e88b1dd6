import Kube
import KubeRuntime
import Observability
import Testing

@Suite("A work queue") struct WorkQueueTests {
    @Test func `A worker that waits gets the next key`() async throws {
        let queue = WorkQueue<String>()
        async let taken = queue.next()
        queue.add("a")
        #expect(await taken?.key == "a")
        #expect(!queue.isIdle)
        queue.done("a")
        #expect(queue.isIdle)
    }

    @Test func `A key that waits for a time wakes a worker then`() async throws {
        let time = ManualTime()
        let queue = WorkQueue<String>(time: time.source)
        queue.add("b", after: .seconds(60))
        queue.add("a", after: .seconds(30))
        let taken = Recording<String>()
        let worker = Task {
            while let next = await queue.next() {
                taken.append(next.key)
                queue.done(next.key)
            }
        }
        try await eventually("an alarm is set") { time.naps == [.seconds(30)] }
        time.advance(by: .seconds(30))
        try await eventually("a is taken") { taken.all == ["a"] }
        try await eventually("an alarm is set") { time.naps == [.seconds(30)] }
        queue.add("c", after: .seconds(1))
        try await eventually("the alarm is brought forward") { time.naps == [.seconds(1)] }
        time.advance(by: .seconds(40))
        try await eventually("the rest is taken") { taken.all == ["a", "c", "b"] }
        queue.shutDown()
        await worker.value
    }

    @Test func `A cancelled worker ends without taking a key`() async throws {
        let queue = WorkQueue<String>()
        let worker = Task { await queue.next()?.key }
        worker.cancel()
        #expect(await worker.value == nil)
        queue.add("a")
        #expect(await queue.next()?.key == "a")
    }

    @Test func `Shutting down the queue ends all workers`() async throws {
        let queue = WorkQueue<Int>()
        await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<4 { group.addTask { await queue.next()?.key } }
            queue.shutDown()
            for await key in group { #expect(key == nil) }
        }
    }

    @Test func `Many workers and sources never process a key twice at a time, and lose none`() async throws {
        let queue = WorkQueue<Int>()
        let running = Locked<Set<Int>>([])
        let counts = Locked<[Int: Int]>([:])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    while let taken = await queue.next() {
                        let isAlone = running.withLock { $0.insert(taken.key).inserted }
                        #expect(isAlone)
                        await Task.yield()
                        counts.withLock { $0[taken.key, default: 0] += 1 }
                        _ = running.withLock { $0.remove(taken.key) }
                        queue.done(taken.key)
                    }
                }
            }
            group.addTask {
                await withTaskGroup(of: Void.self) { sources in
                    for source in 0..<4 {
                        sources.addTask {
                            for round in 0..<500 {
                                queue.add((source * 7 + round) % 50, priority: round % 3)
                                if round % 20 == 0 { await Task.yield() }
                            }
                        }
                    }
                }
                while !queue.isIdle { await Task.yield() }
                queue.shutDown()
            }
        }
        #expect(Set(counts.withLock { $0 }.keys) == Set(0..<50))
        #expect(queue.isIdle)
    }

    @Test func `The queue's metrics have controller-runtime's names`() async throws {
        let registry = MetricsRegistry()
        let queue = WorkQueue<String>(metrics: WorkQueueMetrics(registry, name: "tenant"))
        queue.add("a")
        queue.add("b", priority: WorkPriority.startup)
        queue.add("b", priority: WorkPriority.startup)
        queue.addRateLimited("c")
        _ = await queue.next()
        queue.updateGauges()
        let text = registry.text()
        #expect(text.contains(#"workqueue_adds_total{name="tenant",controller="tenant"} 3"#))
        #expect(text.contains(#"workqueue_retries_total{name="tenant",controller="tenant"} 1"#))
        #expect(text.contains(#"workqueue_depth{name="tenant",controller="tenant",priority="-100"} 1"#))
        #expect(text.contains(#"workqueue_depth{name="tenant",controller="tenant",priority="0"} 0"#))
    }
}
