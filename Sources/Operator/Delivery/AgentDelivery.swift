import Kube
import KubeClient
import KubeRuntime
import Logging
import Planning
import PlanningInput

/// Asks the pods of agents once a minute whether what they scrape arrives, and why not.
///
/// Kubernetes does not know that. Nothing is written to a remote write's server, and nothing is asked of it: an agent's own
/// metrics say whether it gets through, and where it does not, the last lines of its log say why.
final class AgentDelivery: Sendable {
    /// The container of an agent's pod whose log says why sending fails.
    static let container = "prometheus"

    /// What it needs of the outside.
    struct Surroundings: Sendable {
        /// The metrics of a pod.
        var metrics: @Sendable (_ url: String, _ isHTTPS: Bool) async throws -> AgentMetrics
        /// How many targets a pod cannot scrape.
        var targetsDown: @Sendable (_ url: String, _ isHTTPS: Bool) async throws -> Int
        /// The last lines of a pod's log.
        var log: @Sendable (_ pod: ObjectKey) async throws -> [UInt8]
        /// Takes what is new about a pod.
        var tell: @Sendable (_ agent: ObjectKey, _ pod: ObjectKey, PodDelivery?) -> Void
        /// Takes which jobs of an agent have had no targets for some time, where that has changed.
        var tellIdleJobs: @Sendable (_ agent: ObjectKey, Set<String>) -> Void
    }

    private let poller: PodPoller<DeliveryStateMachine>
    private let outside: Surroundings
    private let hasBeenRefused = Locked(false)
    private let logger: Logger

    init(interval: Duration, time: TimeSource = .system, logger: Logger, _ outside: Surroundings) {
        poller = PodPoller(DeliveryStateMachine(interval: interval), time: time)
        self.outside = outside
        self.logger = logger
    }

    /// Takes over where an agent's pods answer, nil if they are not to be asked; cheap if that has not changed.
    func follow(_ agent: ObjectKey, _ endpoint: AgentEndpoint?) {
        let hasChanged = poller.withMachine { $0.follow(agent, endpoint, now: $1) }
        if hasChanged { poller.wake() }
    }

    /// Takes over a pod as it is now, nil if it is gone.
    func set(_ key: ObjectKey, _ pod: OwnPod?) {
        let asked = pod.flatMap { pod in
            pod.agentAddress.map {
                DeliveryStateMachine.Pod(agent: pod.group.owner, address: $0, uid: pod.uid)
            }
        }
        let hasChanged = poller.withMachine { $0.set(key, asked, now: $1) }
        if hasChanged { poller.wake() }
    }

    /// Asks until the task is cancelled; only one task at a time may call this.
    func run() async {
        await poller.run { await self.put($0) }
    }

    private func put(_ question: DeliveryStateMachine.Polls.Question) async {
        let pod = question.place
        guard let request = poller.withMachine({ machine, _ in machine.request(for: pod) }) else { return }
        let finding: Result<PodDelivery?, AgentMetrics.Problem>
        do {
            finding = .success(try await look(question, request))
        } catch {
            if Task.isCancelled { return }
            logger.debug("an agent's pod does not answer", metadata: ["pod": "\(pod)", "reason": "\(error)"])
            finding = .failure(error as? AgentMetrics.Problem ?? AgentMetrics.Problem(description: "\(error)"))
        }
        if Task.isCancelled { return }
        guard let news = poller.withMachine({ machine, _ in machine.found(finding, for: question) }) else { return }
        outside.tell(news.agent, pod, news.delivery)
    }

    /// Looks at a pod: at its metrics, at its targets if they are not too many, and at its log if samples do not arrive.
    private func look(
        _ question: DeliveryStateMachine.Polls.Question, _ request: DeliveryStateMachine.Request
    ) async throws -> PodDelivery? {
        let isHTTPS = request.endpoint.scheme == "https"
        func url(_ page: String) throws -> String {
            guard let url = request.endpoint.url(of: page, at: request.address) else {
                throw AgentMetrics.Problem(description: "found \"\(request.address)\", expected the address of a pod")
            }
            return url
        }
        let metrics = try await outside.metrics(try url("/metrics"), isHTTPS)
        if let news = poller.withMachine({ machine, _ in machine.lookForIdleJobs(metrics, for: question) }) {
            outside.tellIdleJobs(news.agent, news.jobs)
        }
        guard var delivery = poller.withMachine({ $0.look(metrics, for: question, now: $1) }) else { return nil }
        if metrics.targets > 0, metrics.targets <= Double(TargetHealth.mostTargets) {
            do {
                delivery.targetsDown = try await outside.targetsDown(try url(TargetHealth.page), isHTTPS)
            } catch {
                logger.debug(
                    "an agent's targets are not known",
                    metadata: ["pod": "\(question.place)", "reason": "\(error)"])
            }
        }
        if delivery.state.isDelivering == false, delivery.state != .behind, let name = delivery.remoteWrite {
            delivery.cause = await cause(of: question.place, remoteWrite: name)
        }
        return delivery
    }

    /// Why a remote write fails, by the pod's log; nil if the log does not say it or cannot be read.
    private func cause(of pod: ObjectKey, remoteWrite: String) async -> PodDelivery.Cause? {
        guard !hasBeenRefused.withLock({ $0 }) else { return nil }
        do {
            return RemoteWriteLog.cause(in: try await outside.log(pod), remoteWrite: remoteWrite)
        } catch let status as APIStatus where status.code == 403 {
            // It would be refused each time.
            let isFirst = hasBeenRefused.withLock { refused in
                defer { refused = true }
                return !refused
            }
            if isFirst {
                logger.warning(
                    "the logs of pods may not be read: statuses of agents do not say why sending fails",
                    metadata: ["reason": "\(status.message)"])
            }
        } catch {
            logger.debug("a pod's log was not read", metadata: ["pod": "\(pod)", "reason": "\(error)"])
        }
        return nil
    }
}
