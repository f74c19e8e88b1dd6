import Kube
import TestSupport
import Testing

@testable import KubeRuntime

private func wall(_ second: Int) -> Timestamp { Timestamp(seconds: Int64(second)) }

private func record(_ holder: String, renewed: Int = 0, transitions: Int = 0, seconds: Int = 15) -> LeaseRecord {
    LeaseRecord(
        holder: holder, durationSeconds: seconds, acquireTime: nil, renewTime: wall(renewed).microTime,
        transitions: transitions)
}

extension ElectorStateMachine {
    fileprivate mutating func tick(_ second: Int) -> Action { tick(now: .seconds(second), wall: wall(second)) }
    fileprivate mutating func got(_ record: LeaseRecord, _ version: String, _ second: Int) -> Action {
        got(record, resourceVersion: version, now: .seconds(second), wall: wall(second), random: 0.5)
    }
    fileprivate mutating func wrote(_ action: Action, _ version: String, _ second: Int) -> Action {
        switch action {
        case .update(let record, _), .create(let record):
            return wrote(record, resourceVersion: version, now: .seconds(second))
        default:
            Issue.record("found \(action), expected a write")
            return .stop
        }
    }
    fileprivate mutating func failed(_ second: Int, wasWrite: Bool = true) -> Action {
        failed(wasWrite: wasWrite, now: .seconds(second), random: 0.5)
    }
}

private func leader(_ version: String = "2", at second: Int = 0) -> ElectorStateMachine {
    var machine = ElectorStateMachine(identity: "me", timing: ElectorTiming())
    _ = machine.tick(second)
    let write = machine.notFound(now: .seconds(second), wall: wall(second))
    _ = machine.wrote(write, version, second)
    return machine
}

@Suite("The rules of leader election") struct ElectorStateMachineTests {
    @Test func `The first candidate creates the lease and renews it without reading it`() {
        var machine = ElectorStateMachine(identity: "me", timing: ElectorTiming())
        #expect(machine.tick(0) == .get)
        let create = machine.notFound(now: .zero, wall: wall(0))
        guard case .create(let made) = create else {
            Issue.record("found \(create), expected a creation")
            return
        }
        #expect(made.holder == "me")
        #expect(made.durationSeconds == 15)
        #expect(!machine.isLeading(now: .zero))
        #expect(machine.wrote(create, "1", 0) == .wait(.seconds(2)))
        #expect(machine.isLeading(now: .zero))
        guard case .update(let renewed, "1") = machine.tick(2) else {
            Issue.record("the lease was not renewed")
            return
        }
        #expect(renewed.renewTime == wall(2).microTime)
        #expect(renewed.acquireTime == made.acquireTime)
    }

    @Test func `A lease is taken when its record has not changed for its duration, whatever the holder's clock says`() {
        var machine = ElectorStateMachine(identity: "me", timing: ElectorTiming())
        // A timestamp from long ago says nothing: the other's clock may be wrong.
        #expect(machine.got(record("other", renewed: -9999), "5", 100) == .wait(.milliseconds(3200)))
        #expect(machine.got(record("other", renewed: -9999), "5", 114) == .wait(.milliseconds(3200)))
        #expect(machine.got(record("other", renewed: -9997), "6", 115) == .wait(.milliseconds(3200)))
        #expect(machine.got(record("other", renewed: -9997), "6", 129) == .wait(.milliseconds(3200)))
        guard case .update(let mine, "6") = machine.got(record("other", renewed: -9997), "6", 130) else {
            Issue.record("the lease was not taken")
            return
        }
        #expect(mine.holder == "me")
        #expect(mine.transitions == 1)
    }

    @Test func `A lease that was released is taken at once`() {
        var machine = ElectorStateMachine(identity: "me", timing: ElectorTiming())
        guard case .update(_, "7") = machine.got(record("", seconds: 1), "7", 0) else {
            Issue.record("the lease was not taken")
            return
        }
    }

    @Test func `The loser of a race continues to wait`() {
        var machine = ElectorStateMachine(identity: "me", timing: ElectorTiming())
        _ = machine.got(record(""), "7", 0)
        #expect(machine.failed(0) == .wait(.milliseconds(3200)))
        #expect(!machine.hasLease)
        #expect(machine.got(record("other"), "8", 3) == .wait(.milliseconds(3200)))
        #expect(machine.holder == "other")
    }

    @Test func `A leader that cannot renew stops at the deadline, well before another process may lead`() {
        var machine = leader()
        guard case .update = machine.tick(2) else {
            Issue.record("the lease was not renewed")
            return
        }
        #expect(machine.failed(4) == .get)
        #expect(machine.failed(6, wasWrite: false) == .wait(.seconds(2)))
        #expect(machine.tick(8) != .stop)
        #expect(machine.failed(9, wasWrite: false) == .wait(.seconds(1)))
        #expect(machine.isLeading(now: .seconds(9)))
        #expect(machine.tick(10) == .stop)
        #expect(!machine.hasLease)
        #expect(machine.tick(11) == .stop)
    }

    @Test func `The lease counts from when a renewal was sent, not from when it was answered`() {
        var machine = leader()
        let write = machine.tick(2)
        _ = machine.wrote(write, "3", 6)
        #expect(machine.isLeading(now: .seconds(16)))
        #expect(!machine.isLeading(now: .seconds(17)))
        #expect(machine.deadline == .seconds(12))
    }

    @Test func `A process that was suspended does not write, even before it has noticed`() {
        let machine = leader()
        #expect(machine.hasLease)
        #expect(!machine.isLeading(now: .seconds(15)))
    }

    @Test func `A leader that sees another holder stops`() {
        var machine = leader()
        _ = machine.tick(2)
        _ = machine.failed(2)
        #expect(machine.got(record("other"), "9", 2) == .stop)
    }

    @Test func `A leader whose renewal was answered late reads the lease and renews it`() {
        var machine = leader()
        _ = machine.tick(2)
        #expect(machine.failed(7) == .get)
        guard case .update(_, "3") = machine.got(record("me", renewed: 2), "3", 7) else {
            Issue.record("the lease was not renewed")
            return
        }
    }

    @Test func `A released lease has no holder and lasts a second`() throws {
        var machine = leader("4")
        let release = machine.release(wall: wall(5))
        let (released, version) = try #require(release)
        #expect(released.holder.isEmpty)
        #expect(released.durationSeconds == 1)
        #expect(version == "4")
        #expect(!machine.isLeading(now: .seconds(1)))
        #expect(machine.release(wall: wall(5)) == nil)
        var follower = ElectorStateMachine(identity: "me", timing: ElectorTiming())
        #expect(follower.release(wall: wall(5)) == nil)
    }

    @Test func `Timings with which two processes could lead are refused`() {
        #expect(ElectorTiming(lease: .seconds(10), renewDeadline: .seconds(10), retry: .seconds(2)) == nil)
        #expect(ElectorTiming(lease: .seconds(15), renewDeadline: .seconds(2), retry: .seconds(2)) == nil)
        #expect(ElectorTiming(lease: .seconds(3), renewDeadline: .seconds(2), retry: .seconds(1)) != nil)
    }

    @Test(arguments: 0..<50)
    func `Whatever fails, two candidates never lead at the same time`(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        var machines = ["a", "b", "c"].map { ElectorStateMachine(identity: $0, timing: ElectorTiming()) }
        var actions: [ElectorStateMachine.Action] = machines.map { _ in .wait(.zero) }
        var due = machines.map { _ in Duration.zero }
        var lease: (record: LeaseRecord, version: Int)?
        var terms = 0
        var now = Duration.zero
        for _ in 0..<3000 {
            now += .milliseconds(Int.random(in: 0...400, using: &random))
            let index = Int.random(in: 0..<3, using: &random)
            guard due[index] <= now else { continue }
            let identity = machines[index].identity
            let stamp = Timestamp(seconds: now.components.seconds)
            // Now and then the server, or the way to it, is gone for one of them.
            let fails = Int.random(in: 0..<3, using: &random) == 0
            let isLate = Int.random(in: 0..<20, using: &random) == 0
            let wasLeading = machines[index].hasLease
            switch actions[index] {
            case .wait: actions[index] = machines[index].tick(now: now, wall: stamp)
            case .stop:
                machines[index] = ElectorStateMachine(identity: identity, timing: ElectorTiming())
                actions[index] = .wait(.zero)
            case .get where fails:
                actions[index] = machines[index].failed(wasWrite: false, now: now, random: 0.3)
            case .get:
                if let lease {
                    actions[index] = machines[index].got(
                        lease.record, resourceVersion: String(lease.version), now: now, wall: stamp, random: 0.3)
                } else {
                    actions[index] = machines[index].notFound(now: now, wall: stamp)
                }
            case .create(let record), .update(let record, _):
                var isCurrent = lease == nil
                if case .update(_, let version) = actions[index] {
                    isCurrent = lease.map { String($0.version) } == version
                }
                if isCurrent && (!fails || isLate) { lease = (record, (lease?.version ?? 0) + 1) }
                if isCurrent && !fails, let lease {
                    actions[index] = machines[index].wrote(
                        record, resourceVersion: String(lease.version), now: now)
                } else {
                    actions[index] = machines[index].failed(wasWrite: true, now: now, random: 0.3)
                }
            }
            if case .wait(let duration) = actions[index] { due[index] = now + duration }
            if machines[index].hasLease && !wasLeading { terms += 1 }
            #expect(machines.count { $0.isLeading(now: now) } <= 1)
        }
        #expect(terms > 0)
    }
}
