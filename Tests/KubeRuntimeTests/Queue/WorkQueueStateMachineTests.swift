import TestSupport
import Testing

@testable import KubeRuntime

private typealias Queue = WorkQueueStateMachine<String>

extension WorkQueueStateMachine {
    fileprivate mutating func take(now: Duration) -> Key? {
        if case .take(let taken) = next(now: now) { taken.key } else { nil }
    }
}

@Suite("The rules of the work queue") struct WorkQueueStateMachineTests {
    @Test func `Keys are taken in the order in which they were added, each once`() {
        var queue = Queue()
        for key in ["a", "b", "a", "c", "b"] { queue.add(key, priority: 0, now: .zero) }
        #expect(queue.depth == 3)
        #expect((0..<4).map { _ in queue.take(now: .zero) } == ["a", "b", "c", nil])
    }

    @Test func `A new edit overtakes the keys of the start`() {
        var queue = Queue()
        for key in ["a", "b", "c"] { queue.add(key, priority: WorkPriority.startup, now: .zero) }
        queue.add("d", priority: WorkPriority.normal, now: .zero)
        queue.add("c", priority: WorkPriority.normal, now: .zero)
        #expect(queue.depths == [-100: 2, 0: 2])
        #expect((0..<4).map { _ in queue.take(now: .zero) } == ["d", "c", "a", "b"])
        #expect(queue.depths == [-100: 0, 0: 0])
    }

    @Test func `Adding again never lowers a priority`() {
        var queue = Queue()
        queue.add("a", priority: 0, now: .zero)
        queue.add("b", priority: 0, now: .zero)
        queue.add("a", priority: -100, now: .zero)
        #expect(queue.take(now: .zero) == "a")
    }

    @Test func `A key that is being processed is given to no other worker, and comes back once`() {
        var queue = Queue()
        queue.add("a", priority: 0, now: .zero)
        #expect(queue.take(now: .zero) == "a")
        queue.add("a", priority: 0, now: .zero)
        queue.add("a", priority: 0, now: .zero)
        #expect(queue.take(now: .zero) == nil)
        #expect(queue.done("a", now: .seconds(2)) == .seconds(2))
        #expect(queue.take(now: .seconds(2)) == "a")
        queue.done("a", now: .seconds(2))
        #expect(queue.isEmpty)
    }

    @Test func `A key is ready when its delay is over, and the earlier time wins`() {
        var queue = Queue()
        queue.add("a", priority: 0, after: .seconds(10), now: .zero)
        queue.add("a", priority: 0, after: .seconds(5), now: .zero)
        queue.add("a", priority: 0, after: .seconds(20), now: .zero)
        #expect(queue.next(now: .zero) == .wait(until: .seconds(5)))
        #expect(queue.take(now: .seconds(5)) == "a")
        #expect(queue.next(now: .seconds(5)) == .wait(until: nil))
    }

    @Test func `A change ends a key's wait at once`() {
        var queue = Queue()
        queue.add("a", priority: 0, after: .seconds(300), now: .zero)
        queue.add("a", priority: -100, now: .seconds(1))
        #expect(
            queue.next(now: .seconds(3))
                == .take(.init(key: "a", priority: 0, queued: .seconds(2))))
        #expect(queue.waitingCount == 0)
    }

    @Test func `A change of a key that fails ends its back-off`() {
        var queue = Queue()
        queue.add("a", priority: 0, now: .zero)
        #expect(queue.take(now: .zero) == "a")
        queue.add("a", priority: 0, now: .zero)
        queue.addRateLimited("a", priority: 0, now: .zero)
        queue.done("a", now: .zero)
        #expect(queue.take(now: .zero) == "a")
    }

    @Test func `The back-off doubles from 5 ms to 5 minutes and is reset by success`() {
        var queue = Queue()
        let delays = (0..<18).map { _ in queue.addRateLimited("a", priority: 0, now: .zero) }
        #expect(delays[0] == .milliseconds(5))
        #expect(delays[1] == .milliseconds(10))
        #expect(delays[15] == .milliseconds(5 << 15))
        #expect(delays[16] == .seconds(300))
        #expect(delays[17] == .seconds(300))
        #expect(queue.failureCount("a") == 18)
        queue.forget("a")
        #expect(queue.addRateLimited("a", priority: 0, now: .zero) == .milliseconds(5))
        #expect(queue.addRateLimited("b", priority: 0, now: .zero) == .milliseconds(5))
    }

    @Test func `A queue that is shut down gives out no keys and accepts none`() {
        var queue = Queue()
        queue.add("a", priority: 0, now: .zero)
        queue.add("b", priority: 0, now: .zero)
        #expect(queue.take(now: .zero) == "a")
        queue.add("a", priority: 0, now: .zero)
        queue.shutDown()
        queue.add("c", priority: 0, now: .zero)
        #expect(queue.next(now: .zero) == .finished)
        queue.done("a", now: .zero)
        #expect(queue.next(now: .zero) == .finished)
        #expect(queue.isEmpty)
    }

    @Test func `A hundred thousand keys are added twice and taken within seconds`() {
        var queue = WorkQueueStateMachine<Int>()
        for key in 0..<100_000 { queue.add(key, priority: WorkPriority.startup, now: .zero) }
        for key in (0..<100_000).reversed() { queue.add(key, priority: WorkPriority.normal, now: .zero) }
        var expected = 99_999
        while case .take(let taken) = queue.next(now: .zero) {
            guard taken.key == expected else {
                Issue.record("found \(taken.key), expected \(expected)")
                return
            }
            queue.done(taken.key, now: .zero)
            expected -= 1
        }
        #expect(expected == -1)
    }

    @Test(arguments: 0..<200)
    func `The queue does what a plain list of keys would do, whatever happens`(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        var queue = WorkQueueStateMachine<Int>()
        var model = QueueModel()
        var now = Duration.zero
        var taken: [Int] = []
        for step in 0..<400 {
            let key = Int.random(in: 0..<12, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0...2:
                let priority = [0, 0, -100, 5].randomElement(using: &random) ?? 0
                queue.add(key, priority: priority, now: now)
                model.add(key, priority, due: nil, now: now)
            case 3:
                let delay = Duration.milliseconds(Int.random(in: 1...50, using: &random))
                queue.add(key, priority: 0, after: delay, now: now)
                model.add(key, 0, due: now + delay, now: now)
            case 4:
                let delay = queue.addRateLimited(key, priority: -100, now: now)
                model.add(key, -100, due: now + delay, now: now)
            case 5: queue.forget(key)
            case 6: now += .milliseconds(Int.random(in: 0...30, using: &random))
            case 7...8:
                let expected = model.next(now: now)
                let found: Int? = if case .take(let taken) = queue.next(now: now) { taken.key } else { nil }
                #expect(found == expected, "step \(step)")
                if let found {
                    #expect(!taken.contains(found), "two workers have \(found)")
                    taken.append(found)
                }
            default:
                if let index = taken.indices.randomElement(using: &random) {
                    let key = taken.remove(at: index)
                    queue.done(key, now: now)
                    model.done(key, now: now)
                }
            }
            #expect(queue.depth == model.ready.count)
            #expect(queue.waitingCount == model.waiting.count)
            #expect(queue.depths.values.reduce(0, +) == queue.depth)
        }
        for key in taken {
            queue.done(key, now: now)
            model.done(key, now: now)
        }
        now += .seconds(1000)
        while let expected = model.next(now: now) {
            guard case .take(let found) = queue.next(now: now) else {
                Issue.record("\(expected) was lost")
                return
            }
            #expect(found.key == expected)
            queue.done(found.key, now: now)
            model.done(expected, now: now)
        }
        #expect(queue.isEmpty)
    }
}

/// The queue's rules written down without a thought of speed.
private struct QueueModel {
    var ready: [(key: Int, priority: Int)] = []
    var waiting: [(key: Int, priority: Int, due: Duration)] = []
    var running: [Int: (due: Duration?, priority: Int)?] = [:]

    mutating func add(_ key: Int, _ priority: Int, due: Duration?, now: Duration) {
        if let again = running[key] {
            guard let again else {
                running[key] = .some((due, priority))
                return
            }
            let earliest = [due, again.due].contains(nil) ? nil : min(due ?? now, again.due ?? now)
            running[key] = .some((earliest, max(priority, again.priority)))
        } else if let index = ready.firstIndex(where: { $0.key == key }) {
            if priority > ready[index].priority {
                ready.remove(at: index)
                ready.append((key, priority))
            }
        } else if let index = waiting.firstIndex(where: { $0.key == key }) {
            let priority = max(priority, waiting[index].priority)
            if let due {
                waiting[index].due = min(due, waiting[index].due)
                waiting[index].priority = priority
            } else {
                waiting.remove(at: index)
                ready.append((key, priority))
            }
        } else if let due, due > now {
            waiting.append((key, priority, due))
        } else {
            ready.append((key, priority))
        }
    }

    mutating func next(now: Duration) -> Int? {
        while let due = waiting.map(\.due).min(), due <= now,
            let index = waiting.firstIndex(where: { $0.due == due })
        {
            let item = waiting.remove(at: index)
            ready.append((item.key, item.priority))
        }
        guard let highest = ready.map(\.priority).max(),
            let index = ready.firstIndex(where: { $0.priority == highest })
        else { return nil }
        let key = ready.remove(at: index).key
        running[key] = .some(nil)
        return key
    }

    mutating func done(_ key: Int, now: Duration) {
        if let again = running.removeValue(forKey: key) ?? nil { add(key, again.priority, due: again.due, now: now) }
    }
}
