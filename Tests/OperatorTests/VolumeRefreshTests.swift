import PlanningInput
import Testing

@testable import Operator

/// When pods are annotated after what they mount has changed.
@Suite("Annotations of pods after a change")
struct VolumeRefreshTests {
    private static let group = PodGroup(namespace: "a", instance: "x", component: "agent", program: "prometheus-agent")
    private static let other = PodGroup(namespace: "a", instance: "y", component: "agent", program: "prometheus-agent")

    private typealias Machine = VolumeRefreshStateMachine

    @Test func `A burst of edits by hand is one round, with the newest version`() {
        var machine = Machine()
        var now = Duration.zero
        for number in 1...10 {
            now = .milliseconds(number * 330)
            machine.changed(Self.group, version: "\(number)", now: now)
            #expect(machine.next(now: now) == .init(at: now + Machine.pause))
        }
        #expect(machine.next(now: now + Machine.pause).rounds == [.init(group: Self.group, version: "10")])
        #expect(machine.next(now: .seconds(100)) == .init())
    }

    @Test func `Changes that never pause are announced again and again`() {
        var machine = Machine()
        var rounds: [Duration] = []
        for number in 1...240 {
            let now = Duration.milliseconds(number * 100)
            machine.changed(Self.group, version: "\(number)", now: now)
            if !machine.next(now: now).rounds.isEmpty {
                rounds.append(now)
                machine.finished(Self.group, now: now)
            }
        }
        #expect(rounds == [.milliseconds(8100), .milliseconds(16200)])
    }

    @Test func `Rounds of one group are some time apart, and another group does not wait for them`() {
        var machine = Machine()
        machine.changed(Self.group, version: "1", now: .zero)
        let first = Machine.pause
        #expect(machine.next(now: first).rounds.count == 1)
        machine.finished(Self.group, now: first)
        machine.changed(Self.group, version: "2", now: first + .milliseconds(10))
        machine.changed(Self.other, version: "3", now: first + .milliseconds(10))
        let soon = first + .milliseconds(10) + Machine.pause
        let step = machine.next(now: soon)
        #expect(step.rounds == [.init(group: Self.other, version: "3")])
        #expect(step.at == first + Machine.interval)
        #expect(machine.next(now: first + Machine.interval).rounds == [.init(group: Self.group, version: "2")])
    }

    @Test func `A round that takes long has no other beside it, and is followed by one with the newest version`() {
        var machine = Machine()
        machine.changed(Self.group, version: "1", now: .zero)
        #expect(machine.next(now: Machine.pause).rounds.count == 1)
        machine.changed(Self.group, version: "2", now: .seconds(2))
        machine.changed(Self.group, version: "3", now: .seconds(10))
        #expect(machine.next(now: .seconds(20)) == .init())
        machine.finished(Self.group, now: .seconds(20))
        #expect(machine.next(now: .seconds(20)) == .init(at: .seconds(20) + Machine.interval))
        #expect(
            machine.next(now: .seconds(20) + Machine.interval).rounds == [.init(group: Self.group, version: "3")])
    }
}
