import PlanningInput
import Testing

@testable import Operator

/// When pods are annotated after what they mount has changed.
@Suite("Annotations of pods after a change")
struct VolumeRefreshTests {
    private static let group = PodGroup(namespace: "a", instance: "x", component: "agent", program: "prometheus-agent")
    private static let other = PodGroup(namespace: "a", instance: "y", component: "agent", program: "prometheus-agent")

    @Test func `A burst of changes is one round, with the newest version`() {
        var machine = VolumeRefreshStateMachine()
        for number in 1...50 { machine.changed(Self.group, version: "\(number)", now: .milliseconds(number)) }
        let first = Duration.milliseconds(1) + VolumeRefreshStateMachine.gathering
        #expect(machine.next(now: .milliseconds(60)) == .init(at: first))
        #expect(machine.next(now: first).rounds == [.init(group: Self.group, version: "50")])
        #expect(machine.next(now: .seconds(100)) == .init())
    }

    @Test func `Rounds of one group are some time apart, and another group does not wait for them`() {
        var machine = VolumeRefreshStateMachine()
        machine.changed(Self.group, version: "1", now: .zero)
        let first = VolumeRefreshStateMachine.gathering
        #expect(machine.next(now: first).rounds.count == 1)
        machine.changed(Self.group, version: "2", now: first + .milliseconds(10))
        machine.changed(Self.other, version: "3", now: first + .milliseconds(10))
        let soon = first + .milliseconds(10) + VolumeRefreshStateMachine.gathering
        let step = machine.next(now: soon)
        #expect(step.rounds == [.init(group: Self.other, version: "3")])
        #expect(step.at == first + VolumeRefreshStateMachine.interval)
        #expect(
            machine.next(now: first + VolumeRefreshStateMachine.interval).rounds
                == [.init(group: Self.group, version: "2")])
    }
}
