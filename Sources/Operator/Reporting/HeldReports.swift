import Kube
import KubeRuntime
import PlanningInput

/// Reports findings of plans once they have held for some seconds: the tasks and the clock around ``HeldFindings``.
final class HeldReports<Item: Finding>: Sendable {
    private struct State {
        var findings = HeldFindings<Item>()
        /// The custom resources with findings, as messages and Events name them.
        var objects: [PlanKey: Object] = [:]
    }

    private let state = Locked(State())
    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let time: TimeSource
    private let report: @Sendable (Item, Object) -> Void

    init(time: TimeSource, report: @escaping @Sendable (Item, Object) -> Void) {
        self.time = time
        self.report = report
    }

    /// Takes over the findings of a custom resource's newest plan.
    func set(_ findings: some Collection<Item>, of key: PlanKey, about object: Object) {
        let now = time.now()
        let happened = state.withLock { state in
            state.objects[key] = findings.isEmpty ? nil : object
            return state.findings.set(findings, of: key, now: now)
        }
        for finding in happened { report(finding, object) }
        if !findings.isEmpty { wakes.continuation.yield() }
    }

    /// Forgets a custom resource that is gone.
    func forget(_ key: PlanKey) {
        state.withLock { state in
            _ = state.findings.set([], of: key, now: .zero)
            state.objects[key] = nil
        }
    }

    /// Reports until the task is cancelled; only one task at a time may call this.
    func run() async {
        var wakes = wakes.stream.makeAsyncIterator()
        while !Task.isCancelled {
            let now = time.now()
            let (due, at) = state.withLock { state in
                let step = state.findings.next(now: now)
                return (step.due.compactMap { due in state.objects[due.key].map { (due.finding, $0) } }, step.at)
            }
            for (finding, object) in due { report(finding, object) }
            let timer = at.map { at in
                Task { [time, continuation = self.wakes.continuation] in
                    try await time.sleep(at - now)
                    continuation.yield()
                }
            }
            let isWoken = await wakes.next() != nil
            timer?.cancel()
            guard isWoken else { break }
        }
    }
}
