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
    private let machine = Locked(ConvergenceStateMachine())
    private let poller: PodPoller<ConvergenceStateMachine.Place>
    private let time: TimeSource
    private let logger: Logger
    private let ask: @Sendable (String) async throws -> ReceiverMetrics
    /// Takes what is new about a receiver of a global view.
    private let tell: @Sendable (ConvergenceStateMachine.Place, LoadedHashringAnswer) -> Void

    init(
        time: TimeSource = .system, logger: Logger, ask: @escaping @Sendable (String) async throws -> ReceiverMetrics,
        tell: @escaping @Sendable (ConvergenceStateMachine.Place, LoadedHashringAnswer) -> Void
    ) {
        self.time = time
        poller = PodPoller(time: time)
        self.logger = logger
        self.ask = ask
        self.tell = tell
    }

    /// Takes over which receivers read a global view's file now; cheap if that has not changed.
    func follow(_ view: ObjectKey, _ readers: [FileReader]) {
        let now = time.now()
        machine.withLock { $0.follow(view, readers, now: now) }
        poller.wake()
    }

    /// Asks until the task is cancelled; only one task at a time may call this.
    func run() async {
        await poller.run { now in
            machine.withLock { $0.next(now: now) }
        } ask: {
            await self.put($0)
        }
        let now = time.now()
        machine.withLock { $0.stop(now: now) }
    }

    private func put(_ question: ConvergenceStateMachine.Polls.Question) async {
        guard let url = machine.withLock({ $0.url(of: question.place) }) else { return }
        let answer: Result<ReceiverMetrics, ReceiverMetrics.Problem>
        do {
            answer = .success(try await ask(url))
        } catch {
            if Task.isCancelled { return }
            let problem = error as? ReceiverMetrics.Problem ?? ReceiverMetrics.Problem(description: "\(error)")
            answer = .failure(problem)
        }
        let now = time.now()
        let finding = machine.withLock { $0.answered(question, answer, now: now) }
        if case .failure(let problem) = answer {
            logger.debug(
                "a receiver does not say which hashring file it has",
                metadata: ["pod": "\(question.place.pod)", "reason": "\(problem)"])
        }
        if let finding { tell(question.place, finding) }
    }
}
