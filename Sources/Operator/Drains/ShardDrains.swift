import Kube
import KubeClient
import KubeRuntime
import Logging
import Planning
import PlanningInput

/// Follows how shards that are being removed send what they have left, by asking their pods.
///
/// Kubernetes does not know about write-ahead logs. Only the pods of shards that drain are asked.
final class ShardDrains: Sendable {
    private let poller: PodPoller<DrainStateMachine>
    private let logger: Logger
    /// The addresses of a workload's pods; nil if a pod has none.
    private let addresses: @Sendable (DrainTarget) async throws -> [String]?
    private let ask: @Sendable (String) async throws -> SendingProgress
    /// Takes what is new of a custom resource's shard.
    private let tell: @Sendable (PlanKey, ObjectKey, DrainAnswer) -> Void

    init(
        time: TimeSource = .system, logger: Logger,
        addresses: @escaping @Sendable (DrainTarget) async throws -> [String]?,
        ask: @escaping @Sendable (String) async throws -> SendingProgress,
        tell: @escaping @Sendable (PlanKey, ObjectKey, DrainAnswer) -> Void
    ) {
        poller = PodPoller(DrainStateMachine(), time: time)
        self.logger = logger
        self.addresses = addresses
        self.ask = ask
        self.tell = tell
    }

    /// Takes over which shards of an agent drain now; cheap if that has not changed.
    func follow(_ key: PlanKey, _ targets: [DrainTarget]) {
        let hasChanged = poller.withMachine { $0.follow(key, targets, now: $1) }
        if hasChanged { poller.wake() }
    }

    /// Asks until the task is cancelled; only one task at a time may call this.
    func run() async {
        await poller.run { await self.put($0) }
    }

    private func put(_ question: DrainStateMachine.Polls.Question) async {
        let look: DrainStateMachine.Look?
        switch poller.withMachine({ machine, _ in machine.request(for: question.place) }) {
        case .addresses(let target):
            let found = await result { try await addresses(target) }
            if Task.isCancelled { return }
            look = poller.withMachine { $0.found(found, for: question, now: $1) }
        case .progress(let url):
            let progress = await result { try await ask(url) }
            if Task.isCancelled { return }
            look = poller.withMachine { $0.answered(question, progress, now: $1) }
        case nil: return
        }
        if let look { report(look) }
    }

    private func result<Value>(_ body: () async throws -> Value) async -> Result<Value, DrainStateMachine.Silence> {
        do {
            return .success(try await body())
        } catch {
            return .failure(DrainStateMachine.Silence(description: "\(error)"))
        }
    }

    private func report(_ look: DrainStateMachine.Look) {
        var metadata: Logger.Metadata = ["workload": "\(look.workload)"]
        switch look.result {
        case .success(let progress):
            metadata["done"] = "\(progress.allSatisfy(\.isDone))"
            metadata["pendingSamples"] = "\(progress.map(\.pending).reduce(0, +))"
            logger.debug("a draining shard says how far it is", metadata: metadata)
        case .failure(let silence):
            metadata["reason"] = "\(silence)"
            logger.debug("a draining shard does not say how far it is", metadata: metadata)
        }
        for finding in look.findings { tell(look.key, look.workload, finding) }
    }
}

extension DrainTarget {
    /// The addresses of the pods; nil if there is no pod, or one without an address.
    func addresses(with client: KubeClient) async throws -> [String]? {
        let pods = try await client.list(
            .pods, namespace: workload.namespace, ListQuery(labelSelector: podSelector, limit: 500)
        ).items
        let addresses = pods.compactMap { $0.json["status", "podIP"]?.string }
        return addresses.count == pods.count && !pods.isEmpty ? addresses : nil
    }
}
