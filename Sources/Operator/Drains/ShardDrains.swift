import Kube
import KubeClient
import KubeRuntime
import Logging
import Planning

/// Watches shards that are taken away send what they have left, by asking their pods.
///
/// Kubernetes knows nothing of a write-ahead log, so pods are asked, and only those of shards that drain: where there is
/// none, nobody is asked anything.
final class ShardDrains: Sendable {
    fileprivate struct State {
        var targets: [PlanKey: [DrainTarget]] = [:]
        /// Workloads whose pods were all done when they were asked last.
        var done: Set<ObjectKey> = []
        /// How often in a row workloads were quiet, and how much their pods had read from their logs.
        var quiet: [ObjectKey: (read: [Double], looks: Int)] = [:]
    }

    /// How long to wait between two looks; also what a shard has to stay done for before it goes.
    static let interval = Duration.seconds(5)
    /// How many looks in a row find a shard quiet before it goes, though not every queue has sent the newest sample: more
    /// than the 15 s after which Prometheus looks into its log without being told that there is something new.
    static let quietLooks = 5

    private let state = Locked(State())
    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let time: TimeSource
    private let logger: Logger
    /// The addresses of a workload's pods; nil where one has none.
    private let addresses: @Sendable (DrainTarget) async throws -> [String]?
    private let ask: @Sendable (String) async throws -> SendingProgress
    /// Told that a custom resource's shard has nothing left to send.
    private let tell: @Sendable (PlanKey, ObjectKey) -> Void

    init(
        time: TimeSource = .system, logger: Logger,
        addresses: @escaping @Sendable (DrainTarget) async throws -> [String]?,
        ask: @escaping @Sendable (String) async throws -> SendingProgress,
        tell: @escaping @Sendable (PlanKey, ObjectKey) -> Void
    ) {
        self.time = time
        self.logger = logger
        self.addresses = addresses
        self.ask = ask
        self.tell = tell
    }

    /// Takes over which shards of an agent drain now.
    func follow(_ key: PlanKey, _ targets: [DrainTarget]) {
        let isNew = state.withLock { state in
            let before = state.targets[key] ?? []
            state.targets[key] = targets.isEmpty ? nil : targets
            for gone in before where !targets.contains(gone) {
                state.done.remove(gone.workload)
                state.quiet[gone.workload] = nil
            }
            return before != targets && !targets.isEmpty
        }
        if isNew { wakes.continuation.yield() }
    }

    /// Asks until the task is cancelled.
    func run() async {
        var wakes = wakes.stream.makeAsyncIterator()
        while !Task.isCancelled {
            let targets = state.withLock { $0.targets }
            if targets.isEmpty {
                guard await wakes.next() != nil else { return }
                continue
            }
            for (key, targets) in targets {
                for target in targets { await look(at: target, of: key) }
            }
            guard (try? await time.sleep(Self.interval)) != nil else { return }
        }
    }

    private func look(at target: DrainTarget, of key: PlanKey) async {
        let progress = await progress(of: target)
        let isDone = progress?.allSatisfy(\.isDone) ?? false
        let (wasDone, looks) = state.withLock { state in
            let looks = state.countQuiet(target.workload, progress)
            return (
                isDone
                    ? !state.done.insert(target.workload).inserted : state.done.remove(target.workload) != nil, looks
            )
        }
        // Twice in a row: between two batches a queue is empty as well.
        if isDone && wasDone || looks >= Self.quietLooks { tell(key, target.workload) }
    }

    /// How far each pod is; nil where one does not say.
    private func progress(of target: DrainTarget) async -> [SendingProgress]? {
        do {
            var progress: [SendingProgress] = []
            for address in try await addresses(target) ?? [] {
                guard let url = target.url(at: address) else { return nil }
                progress.append(try await ask(url))
            }
            return progress.isEmpty ? nil : progress
        } catch {
            logger.debug(
                "a shard that drains does not say how far it is",
                metadata: ["workload": "\(target.workload)", "reason": "\(error)"])
            return nil
        }
    }
}

extension ShardDrains.State {
    /// Takes in a look at a workload; returns how many in a row have found it quiet at the same place of its log.
    fileprivate mutating func countQuiet(_ workload: ObjectKey, _ progress: [SendingProgress]?) -> Int {
        guard let progress, progress.allSatisfy(\.isQuiet) else {
            quiet[workload] = nil
            return 0
        }
        let read = progress.map(\.read)
        let looks = quiet[workload].map { $0.read == read ? $0.looks + 1 : 1 } ?? 1
        quiet[workload] = (read, looks)
        return looks
    }
}

extension DrainTarget {
    /// The addresses of the pods; nil where one has none, or there is none at all.
    func addresses(with client: KubeClient) async throws -> [String]? {
        let pods = try await client.list(
            .pods, namespace: workload.namespace, ListQuery(labelSelector: podSelector, limit: 500)
        ).items
        let addresses = pods.compactMap { $0.json["status", "podIP"]?.string }
        return addresses.count == pods.count && !pods.isEmpty ? addresses : nil
    }
}
