import Kube
import KubeRuntime
import Logging
import Observability
import Testing

private struct Broken: Error {}

@Suite("A controller") struct ControllerTests {
    private let time = ManualTime()
    private let registry = MetricsRegistry()

    private func controller(workers: Int = 8) -> Controller<String> {
        Controller(name: "tenant", workers: workers, registry: registry, logger: quiet, time: time.source)
    }

    private func count(_ line: String) -> Bool { registry.text().contains(line) }

    @Test func `A failing key is tried again after its back-off, and others are reconciled meanwhile`() async throws {
        let tries = Recording<String>()
        let controller = controller()
        controller.enqueue("bad")
        controller.enqueue("good")
        let running = Task {
            await controller.run { key in
                tries.append(key)
                if key == "bad", tries.all.count(where: { $0 == "bad" }) < 3 { throw Broken() }
                return .done
            }
        }
        try await eventually("both are tried") { tries.all.count == 2 }
        try await eventually("the back-off is 5 ms") { time.naps == [.milliseconds(5)] }
        time.advance(by: .milliseconds(5))
        try await eventually("the back-off is 10 ms") { time.naps == [.milliseconds(10)] }
        time.advance(by: .milliseconds(10))
        try await eventually("it has succeeded") { tries.all.count == 4 && controller.queue.isIdle }
        #expect(count(#"controller_runtime_reconcile_total{controller="tenant",result="error"} 2"#))
        #expect(count(#"controller_runtime_reconcile_total{controller="tenant",result="success"} 2"#))
        #expect(count(#"workqueue_retries_total{name="tenant",controller="tenant"} 2"#))
        controller.shutDown()
        await running.value
    }

    @Test func `A key is reconciled again after the time that it asked for`() async throws {
        let tries = Recording<String>()
        let controller = controller()
        controller.enqueue("a")
        let running = Task {
            await controller.run { key in
                tries.append(key)
                return tries.all.count == 1 ? .requeueAfter(.seconds(30)) : .done
            }
        }
        try await eventually("it waits for its time") { time.naps == [.seconds(30)] }
        time.advance(by: .seconds(30))
        try await eventually("it is looked at again") { tries.all.count == 2 }
        controller.shutDown()
        await running.value
    }

    @Test func `No more keys are reconciled at once than there are workers`() async throws {
        let busy = Locked((now: 0, most: 0))
        let done = Recording<String>()
        let controller = controller(workers: 3)
        for key in 0..<30 { controller.enqueue("\(key)") }
        let running = Task {
            await controller.run { key in
                busy.withLock {
                    $0.now += 1
                    $0.most = max($0.most, $0.now)
                }
                try await Task.sleep(for: .milliseconds(2))
                busy.withLock { $0.now -= 1 }
                done.append(key)
                return .done
            }
        }
        try await eventually("all are done") { done.all.count == 30 }
        #expect(busy.withLock { $0.most } == 3)
        controller.shutDown()
        await running.value
    }

    @Test func `Shutting down lets running reconciliations end, and begins no new one`() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let log = Recording<String>()
        let controller = controller(workers: 1)
        controller.enqueue("a")
        controller.enqueue("b")
        let running = Task {
            await controller.run { key in
                log.append("\(key) begins")
                for await _ in gate.stream {}
                log.append("\(key) ends, \(Task.isCancelled ? "cancelled" : "in peace")")
                return .done
            }
        }
        try await eventually("a is being reconciled") { !log.all.isEmpty }
        controller.shutDown()
        gate.continuation.finish()
        await running.value
        #expect(log.all == ["a begins", "a ends, in peace"])
    }

    @Test func `An edit overtakes the keys of the start`() async throws {
        let store = Store<Int>()
        let tries = Recording<String>()
        let controller = controller(workers: 1)
        controller.watch(store) { [$0.key.name] }
        let initial = (0..<20).map { (ObjectKey(namespace: "default", name: "\($0)"), 0) }
        store.apply(.restarted(Dictionary(uniqueKeysWithValues: initial)))
        store.apply(.applied(ObjectKey(namespace: "default", name: "fresh"), 0))
        let running = Task {
            await controller.run { key in
                tries.append(key)
                return .done
            }
        }
        try await eventually("all are done") { tries.all.count == 21 }
        #expect(tries.all.first == "fresh")
        controller.shutDown()
        await running.value
    }
}
