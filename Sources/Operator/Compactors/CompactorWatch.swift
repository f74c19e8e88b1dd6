import Kube
import KubeRuntime
import Logging
import Planning
import PlanningInput

/// Asks Compactors whether they have halted.
///
/// No watch shows this: a Compactor that has halted stays running and ready, and does nothing.
final class CompactorWatch: Sendable {
    private let poller: PodPoller<CompactorStateMachine>
    private let logger: Logger
    private let ask: @Sendable (String) async throws -> CompactorMetrics
    /// Takes what is new about a view's pod.
    private let tell: @Sendable (_ view: ObjectKey, _ pod: ObjectKey, CompactorState) -> Void

    init(
        time: TimeSource = .system, logger: Logger,
        ask: @escaping @Sendable (String) async throws -> CompactorMetrics,
        tell: @escaping @Sendable (_ view: ObjectKey, _ pod: ObjectKey, CompactorState) -> Void
    ) {
        poller = PodPoller(CompactorStateMachine(), time: time)
        self.logger = logger
        self.ask = ask
        self.tell = tell
    }

    /// Takes over a pod as it is now, nil if it is gone.
    func set(_ key: ObjectKey, _ pod: OwnPod?) {
        let asked = pod.flatMap { pod in
            pod.compactorAddress.map { CompactorStateMachine.Pod(view: pod.group.owner, address: $0, uid: pod.uid) }
        }
        if poller.withMachine({ $0.set(key, asked, now: $1) }) { poller.wake() }
    }

    /// Asks until the task is cancelled; only one task at a time may call this.
    func run() async {
        await poller.run { await self.put($0) }
    }

    private func put(_ question: CompactorStateMachine.Polls.Question) async {
        guard let pod = poller.withMachine({ machine, _ in machine.pod(question.place) }) else { return }
        var answer: CompactorMetrics?
        do {
            guard let url = CompactorEndpoint.metrics(at: pod.address) else {
                throw MetricsText.Problem(description: "has no valid address")
            }
            answer = try await ask(url)
        } catch {
            if Task.isCancelled { return }
            logger.debug(
                "a compactor does not answer", metadata: ["pod": "\(question.place)", "reason": "\(error)"])
        }
        guard let news = poller.withMachine({ $0.answered(question, answer, now: $1) }) else { return }
        tell(news.view, question.place, news.state)
    }
}
