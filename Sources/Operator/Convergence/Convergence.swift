import Kube
import KubeRuntime
import Logging
import Planning
import PlanningInput

/// Asks receivers which hashring file they have loaded, for as long as some do not have the published one.
///
/// No watch shows this: Kubernetes knows what is in the ConfigMap, but not when the kubelet has written it into a pod's
/// volume, nor when the program in the pod has read it.
final class Convergence: Sendable {
    private let poller: PodPoller<ConvergenceStateMachine>
    private let logger: Logger
    private let ask: @Sendable (String) async throws -> ReceiverMetrics
    /// Takes what is new about a receiver of a global view.
    private let tell: @Sendable (ConvergenceStateMachine.Place, LoadedHashringAnswer) -> Void

    init(
        time: TimeSource = .system, logger: Logger, ask: @escaping @Sendable (String) async throws -> ReceiverMetrics,
        tell: @escaping @Sendable (ConvergenceStateMachine.Place, LoadedHashringAnswer) -> Void
    ) {
        poller = PodPoller(ConvergenceStateMachine(), time: time)
        self.logger = logger
        self.ask = ask
        self.tell = tell
    }

    /// Takes over which receivers read a global view's file now; cheap if that has not changed.
    func follow(_ view: ObjectKey, _ readers: [FileReader]) {
        poller.withMachine { $0.follow(view, readers, now: $1) }
        poller.wake()
    }

    /// Asks until the task is cancelled; only one task at a time may call this.
    func run() async {
        await poller.run { await self.put($0) }
    }

    private func put(_ question: ConvergenceStateMachine.Polls.Question) async {
        guard let url = poller.withMachine({ machine, _ in machine.url(of: question.place) }) else { return }
        let answer: Result<ReceiverMetrics, ReceiverMetrics.Problem>
        do {
            answer = .success(try await ask(url))
        } catch {
            if Task.isCancelled { return }
            let problem = error as? ReceiverMetrics.Problem ?? ReceiverMetrics.Problem(description: "\(error)")
            answer = .failure(problem)
        }
        let finding = poller.withMachine { $0.answered(question, answer, now: $1) }
        if case .failure(let problem) = answer {
            logger.debug(
                "a receiver does not say which hashring file it has",
                metadata: ["pod": "\(question.place.pod)", "reason": "\(problem)"])
        }
        if let finding { tell(question.place, finding) }
    }
}
