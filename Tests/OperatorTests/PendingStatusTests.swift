import Kube
import KubeRuntime
import PlanningInput
import Testing

@testable import Operator

@Suite("Statuses of what is about to be ready") struct PendingStatusTests {
    private static let key = PlanKey.tenant(ObjectKey(namespace: "o11y", name: "shop"))
    private let now = Locked(Duration.zero)

    private func statuses() -> PendingStatuses {
        PendingStatuses(time: TimeSource(now: { [now] in now.withLock { $0 } }, sleep: { _ in }))
    }

    private func status(_ ready: String, _ reason: String, _ more: JSON.Members = [:]) -> JSON {
        var status: JSON = ["conditions": [["type": "Ready", "status": JSON(ready), "reason": JSON(reason)]]]
        for (name, value) in more { status[name] = value }
        return status
    }

    @Test func `A status that only waits for pods is written after two seconds, and then each time`() {
        let statuses = statuses()
        let waiting = status("False", "WaitingForPods", ["id": "shop"])
        #expect(statuses.wait(for: waiting, after: [:], of: Self.key) == .seconds(2))
        now.withLock { $0 = .milliseconds(1500) }
        #expect(statuses.wait(for: waiting, after: [:], of: Self.key) == .milliseconds(500))
        now.withLock { $0 = .seconds(2) }
        #expect(statuses.wait(for: waiting, after: [:], of: Self.key) == nil)
        #expect(statuses.wait(for: waiting, after: waiting, of: Self.key) == nil)
        #expect(statuses.wait(for: status("True", "Ready"), after: waiting, of: Self.key) == nil)
        #expect(statuses.wait(for: waiting, after: waiting, of: Self.key) == .seconds(2))
    }

    @Test func `What a person has to act on or others read is written at once`() {
        let ready = status("True", "Ready", ["id": "shop", "readURL": "http://a"])
        for urgent in [
            status("True", "Ready"), status("False", "ImagePullBackOff", ["id": "shop", "readURL": "http://a"]),
            status("False", "ObjectConflict"),
            status("False", "WaitingForPods", ["id": "shop", "readURL": "http://b"]),
            status("False", "WaitingForPods", ["offboarding": ["since": "2026-01-01T00:00:00Z"]]),
        ] { #expect(statuses().wait(for: urgent, after: ready, of: Self.key) == nil, "\(urgent)") }
        let first = status("False", "Creating", ["offboarding": ["since": "2026-01-01T00:00:00Z"]])
        #expect(statuses().wait(for: first, after: [:], of: Self.key) == nil)
    }

    @Test func `A view's status is written at once, since plans read it`() {
        let view = PlanKey.globalView(ObjectKey(namespace: "o11y", name: "main"))
        #expect(statuses().wait(for: status("False", "Creating"), after: [:], of: view) == nil)
    }
}
