import Kube
import KubeClient
import KubeRuntime
import Logging
import Planning
import PlanningInput

/// Asks the query API of each view once a minute which tenants' samples arrive.
///
/// One query is for all tenants of a view, since thousands of queries a minute would be a burden.
final class SeriesArrival: Sendable {
    /// What it needs of the outside.
    struct Surroundings: Sendable {
        /// Asks a query API.
        var ask: @Sendable (_ question: SeriesQuestion) async throws -> SeriesAnswer
        /// Takes what is new about the tenants of a view.
        var tell: @Sendable (_ view: ObjectKey, SeriesFinding) -> Void
    }

    private let poller: PodPoller<SeriesStateMachine>
    private let outside: Surroundings
    private let time: TimeSource
    private let logger: Logger

    init(interval: Duration, time: TimeSource = .system, logger: Logger, _ outside: Surroundings) {
        poller = PodPoller(SeriesStateMachine(interval: interval), time: time)
        self.outside = outside
        self.time = time
        self.logger = logger
    }

    /// Takes over how to ask a view, nil if it is not to be asked; cheap if that has not changed.
    func follow(_ view: ObjectKey, _ question: SeriesQuestion?) {
        let hasChanged = poller.withMachine { $0.follow(view, question, now: $1) }
        if hasChanged { poller.wake() }
    }

    /// Asks until the task is cancelled; only one task at a time may call this.
    func run() async {
        await poller.run { await self.put($0) }
    }

    private func put(_ asked: SeriesStateMachine.Polls.Question) async {
        let view = asked.place
        guard let question = poller.withMachine({ machine, _ in machine.question(for: view) }) else { return }
        let answer: Result<SeriesAnswer, SeriesAnswer.Problem>
        do {
            answer = .success(try await outside.ask(question))
        } catch {
            if Task.isCancelled { return }
            logger.debug(
                "a query API does not say which tenants send", metadata: ["view": "\(view)", "reason": "\(error)"])
            // The client's error has the whole URL.
            answer = .failure(
                error as? SeriesAnswer.Problem
                    ?? SeriesAnswer.Problem(
                        description:
                            "no answer from \(RemoteHost.name(in: question.url)); if a NetworkPolicy is in the "
                            + "way, label the operator's namespace tributary.dev/access=query"))
        }
        if Task.isCancelled { return }
        let wall = time.wall()
        guard let news = poller.withMachine({ $0.found(answer, for: asked, now: $1, at: wall) }) else { return }
        outside.tell(view, news)
    }
}

extension SeriesAnswer {
    /// Asks a query API: one GET of bounded time and size.
    static func read(_ question: SeriesQuestion, with client: KubeClient) async throws -> SeriesAnswer {
        let query = PercentEncoding.query([
            ("query", question.expression), ("timeout", "\(longest.components.seconds)s"),
        ])
        var call = PlainCall("GET", "\(question.url)/api/v1/query?\(query)", authorities: question.authorities)
        call.headers = question.authorization.map { [("Authorization", $0)] } ?? []
        let response = try await client.callPlainly(call, within: longest, atMost: mostBytes)
        return try SeriesAnswer(status: response.status, response.body, to: question)
    }
}
