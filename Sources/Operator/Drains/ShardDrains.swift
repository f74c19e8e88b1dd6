import Kube
import KubeClient
import KubeRuntime
import Logging
import Planning
import PlanningInput

/// Watches shards that are taken away send what they have left, by asking their pods.
///
/// Kubernetes knows nothing of a write-ahead log, so pods are asked, and only those of shards that drain: where there is
/// none, nobody is asked anything.
final class ShardDrains: Sendable {
    /// What is new of a shard.
    enum Finding: Sendable, Hashable {
        /// It has nothing left to send.
        case sent
        /// It was asked several times and does not say how far it is.
        case silent(String)
        /// It says how far it is again.
        case answering
    }

    /// Why nobody knows how far a shard is.
    private struct Silence: Error, CustomStringConvertible {
        var description: String
    }

    private struct State {
        var targets: [PlanKey: [DrainTarget]] = [:]
        /// What looks at each workload have found so far.
        var looks: [ObjectKey: DrainLooks] = [:]
    }

    /// How long to wait between two looks; also what a shard has to stay done for before it goes.
    static let interval = Duration.seconds(5)
    /// How many looks in a row find a shard quiet before it goes, though not every queue has sent the newest sample: more
    /// than the 15 s after which Prometheus looks into its log without being told that there is something new.
    static let quietLooks = 5
    /// How many looks in a row find a shard silent before somebody is told: a pod that is made anew takes a while.
    static let silentLooks = 3

    private let state = Locked(State())
    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let time: TimeSource
    private let logger: Logger
    /// The addresses of a workload's pods; nil where one has none.
    private let addresses: @Sendable (DrainTarget) async throws -> [String]?
    private let ask: @Sendable (String) async throws -> SendingProgress
    /// Told what is new of a custom resource's shard.
    private let tell: @Sendable (PlanKey, ObjectKey, Finding) -> Void

    init(
        time: TimeSource = .system, logger: Logger,
        addresses: @escaping @Sendable (DrainTarget) async throws -> [String]?,
        ask: @escaping @Sendable (String) async throws -> SendingProgress,
        tell: @escaping @Sendable (PlanKey, ObjectKey, Finding) -> Void
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
                state.looks[gone.workload] = nil
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
        let progress: [SendingProgress]
        do {
            progress = try await self.progress(of: target)
        } catch {
            let isNews = state.withLock { $0.looks[target.workload, default: DrainLooks()].takeSilence() }
            logger.debug(
                "a shard that drains does not say how far it is",
                metadata: ["workload": "\(target.workload)", "reason": "\(error)"])
            if isNews { tell(key, target.workload, .silent("\(error)")) }
            return
        }
        let (isSent, isNews) = state.withLock { $0.looks[target.workload, default: DrainLooks()].take(progress) }
        logger.debug(
            "a shard that drains says how far it is",
            metadata: [
                "workload": "\(target.workload)", "done": "\(progress.allSatisfy(\.isDone))",
                "pendingSamples": "\(progress.map(\.pending).reduce(0, +))",
            ])
        if isNews { tell(key, target.workload, .answering) }
        if isSent { tell(key, target.workload, .sent) }
    }

    /// How far each pod is; throws why that is not known of one.
    private func progress(of target: DrainTarget) async throws -> [SendingProgress] {
        guard let addresses = try await addresses(target), !addresses.isEmpty else {
            throw Silence(description: "found no pods, or one without an address")
        }
        var progress: [SendingProgress] = []
        for address in addresses {
            guard let url = target.url(at: address) else {
                throw Silence(description: "found \"\(address)\" for a pod's address")
            }
            do {
                progress.append(try await ask(url))
            } catch let problem as SendingProgress.Problem {
                throw Silence(description: "\(url): \(problem)")
            }
        }
        return progress
    }
}

/// What looks at one shard's pods have found so far.
private struct DrainLooks {
    /// Whether all were done when they were asked last.
    private var wasDone = false
    /// How often in a row they were quiet, and how much they had read from their logs.
    private var quiet: (read: [Double], looks: Int)?
    /// How often in a row one did not say how far it is.
    private var silent = 0
    /// Whether it was told that they say how far they are.
    private var isAnswering = false

    /// Takes in that one does not say how far it is; returns whether it is time to tell somebody.
    mutating func takeSilence() -> Bool {
        wasDone = false
        quiet = nil
        silent += 1
        guard silent == ShardDrains.silentLooks else { return false }
        isAnswering = false
        return true
    }

    /// Takes in how far they are; returns whether everything is sent, and whether that they say so is news.
    mutating func take(_ progress: [SendingProgress]) -> (isSent: Bool, isNews: Bool) {
        let isDone = progress.allSatisfy(\.isDone)
        defer {
            silent = 0
            wasDone = isDone
            isAnswering = true
        }
        let quietLooks = countQuiet(progress)
        // Twice in a row: between two batches a queue is empty as well.
        return (isDone && wasDone || quietLooks >= ShardDrains.quietLooks, !isAnswering)
    }

    /// How many looks in a row have found them quiet at the same place of their logs.
    private mutating func countQuiet(_ progress: [SendingProgress]) -> Int {
        guard progress.allSatisfy(\.isQuiet) else {
            quiet = nil
            return 0
        }
        let read = progress.map(\.read)
        let looks = quiet.map { $0.read == read ? $0.looks + 1 : 1 } ?? 1
        quiet = (read, looks)
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
