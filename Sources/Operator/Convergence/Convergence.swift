import Kube
import KubeRuntime
import Logging
import Planning
import PlanningInput

/// Asks receivers which hashring file they have loaded, for as long as some have not the published one.
///
/// Everything else that the operator knows it is told by watches. This nobody tells: Kubernetes knows what is in the
/// ConfigMap, not when the kubelet has written it into a pod's volume, nor when the program in there has read it.
final class Convergence: Sendable {
    private let machine = Locked(ConvergenceStateMachine())
    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let time: TimeSource
    private let logger: Logger
    private let ask: @Sendable (String) async throws -> ReceiverMetrics
    /// Told what is new about a receiver of a global view.
    private let tell: @Sendable (ConvergenceStateMachine.Place, ConvergenceStateMachine.Finding) -> Void

    init(
        time: TimeSource = .system, logger: Logger, ask: @escaping @Sendable (String) async throws -> ReceiverMetrics,
        tell: @escaping @Sendable (ConvergenceStateMachine.Place, ConvergenceStateMachine.Finding) -> Void
    ) {
        self.time = time
        self.logger = logger
        self.ask = ask
        self.tell = tell
    }

    /// Takes over who reads a global view's file now; cheap where that has not changed.
    func follow(_ view: ObjectKey, _ readers: [FileReader]) {
        machine.withLock { $0.follow(view, readers, now: time.now()) }
        wakes.continuation.yield()
    }

    /// Asks until the task is cancelled. One at a time may call this.
    func run() async {
        await withDiscardingTaskGroup { group in
            var timer: Task<Void, Never>?
            var wakes = wakes.stream.makeAsyncIterator()
            while !Task.isCancelled {
                timer?.cancel()
                let now = time.now()
                let (questions, at) = machine.withLock { $0.next(now: now) }
                for question in questions { group.addTask { await self.put(question) } }
                timer = at.map { at in
                    Task {
                        guard (try? await self.time.sleep(at - now)) != nil else { return }
                        self.wakes.continuation.yield()
                    }
                }
                guard await wakes.next() != nil else { break }
            }
            timer?.cancel()
        }
        machine.withLock { $0.stop(now: time.now()) }
    }

    private func put(_ question: ConvergenceStateMachine.Question) async {
        let answer: Result<ReceiverMetrics, ReceiverMetrics.Problem>
        do {
            answer = .success(try await ask(question.url))
        } catch {
            if Task.isCancelled { return }
            let problem = error as? ReceiverMetrics.Problem ?? ReceiverMetrics.Problem(description: "\(error)")
            answer = .failure(problem)
        }
        let finding = machine.withLock { $0.answered(question, answer, now: time.now()) }
        if case .failure(let problem) = answer {
            logger.debug(
                "a receiver does not say which hashring file it has",
                metadata: ["pod": "\(question.place.pod)", "reason": "\(problem)"])
        }
        if let finding { tell(question.place, finding) }
        wakes.continuation.yield()
    }
}
