import Hashring
import Kube
import KubeRuntime
import Logging

/// Reconciles: plans the file from the watched objects and writes the generated ConfigMap.
final class DropInReconciler: Sendable {
    private struct Memory: Sendable {
        /// The text that this process has published last.
        var published: String?
        var writes = OwnWrites<ObjectKey, Object>()
        var unreadySince: [String: Timestamp] = [:]
        var lastChange: Timestamp
        /// The logged messages, so that each is logged once.
        var told: Set<HashringNote> = []
    }

    private let options: DropInOptions
    private let base: Store<Object>
    private let generated: Store<Object>
    private let sets: Store<LabelledReceiverSet>
    private let pods: PodWatches
    private let writer: GeneratedWriter
    private let metrics: DropInMetrics
    private let logger: Logger
    private let mayWrite: @Sendable () -> Bool
    /// Called when the file has changed.
    private let onWritten: @Sendable () -> Void
    private let memory: Locked<Memory>

    /// How often an error is counted again, so that error rates show it for as long as it lasts.
    private static let reminder = Duration.seconds(60)

    init(
        options: DropInOptions, base: Store<Object>, generated: Store<Object>, sets: Store<LabelledReceiverSet>,
        pods: PodWatches,
        writer: GeneratedWriter, metrics: DropInMetrics, logger: Logger, mayWrite: @escaping @Sendable () -> Bool,
        onWritten: @escaping @Sendable () -> Void
    ) {
        self.options = options
        self.base = base
        self.generated = generated
        self.sets = sets
        self.pods = pods
        self.writer = writer
        self.metrics = metrics
        self.logger = logger
        self.mayWrite = mayWrite
        self.onWritten = onWritten
        // The previous process may have changed members just before this one started.
        memory = Locked(Memory(lastChange: .now))
    }

    /// Plans the file and publishes it if it has changed; throws the errors of writing.
    func reconcile() async throws -> ReconcileResult {
        let sets = sets.values
        // Receivers that are not listed yet would look as if they were gone. The last watch to sync enqueues again.
        guard base.isSynced, generated.isSynced, let pods = pods.pods(of: sets) else { return .done }
        metrics.attempts.increment()
        let source = base[options.baseKey]
        let existing = existing()
        let found = existing?.json["data", options.fileName]?.string
        let inputs = memory.withLock { memory in
            HashringFileInputs(
                base: HashringFileInputs.Base(source, fileName: options.fileName), published: memory.published ?? found,
                found: found, sets: sets, pods: pods, unreadySince: memory.unreadySince, now: .now,
                lastChange: memory.lastChange)
        }
        let plan = HashringFilePlan(inputs, options)
        self.pods.set(isSettled: plan.isSettled)
        take(plan)
        if let text = plan.text, let source { try await publish(text, plan, source, existing) }
        var after = plan.recheckAfter
        if plan.failure != nil { after = min(after ?? Self.reminder, Self.reminder) }
        return after.map { .requeueAfter($0) } ?? .done
    }

    /// The current generated ConfigMap: the last write, until the watch has shown it or something newer.
    private func existing() -> Object? {
        let shown = generated[options.generatedKey]
        return memory.withLock { memory in shown.map { memory.writes.newest($0, for: options.generatedKey) } }
    }

    private func publish(_ text: String, _ plan: HashringFilePlan, _ source: Object, _ existing: Object?) async throws {
        let isNeeded =
            GeneratedConfigMap.desired(text: text, options: options, base: source, existing: existing) != nil
        if isNeeded {
            guard mayWrite() else { return }
            metrics.changeAttempts.increment()
            let before = existing?.json["data", options.fileName]?.string
            do {
                if let written = try await writer.write(text, base: source, existing: existing) {
                    took(written, text, plan, hasChanged: before != text)
                }
            } catch {
                metrics.failed(error.step)
                metrics.failed(.save)
                throw error
            }
        }
        metrics.published(text, plan.rings)
        memory.withLock { $0.published = text }
    }

    private func took(_ written: Object, _ text: String, _ plan: HashringFilePlan, hasChanged: Bool) {
        let now = Timestamp.now
        metrics.changed(at: now)
        memory.withLock { memory in
            memory.writes.wrote(written, for: options.generatedKey)
            if hasChanged { memory.lastChange = now }
        }
        guard hasChanged else { return }
        let rings = plan.rings.map { "\($0.name):\($0.members)" }.joined(separator: " ")
        logger.info("published", metadata: ["configMap": "\(options.generatedKey)", "rings": "\(rings)"])
        onWritten()
    }

    /// Records the results of a plan, and logs its new messages.
    private func take(_ plan: HashringFilePlan) {
        metrics.planned(plan)
        if let failure = plan.failure {
            metrics.failed(DropInMetrics.ErrorKind(rawValue: failure.rawValue) ?? .validate)
        }
        let news = memory.withLock { memory in
            memory.unreadySince = plan.unreadySince
            let told = memory.told
            memory.told = Set(plan.notes)
            return plan.notes.filter { !told.contains($0) }
        }
        for note in news {
            let level: Logger.Level = note.severity == .info ? .info : note.severity == .warning ? .warning : .error
            logger.log(level: level, "\(note.message)", metadata: ["reason": "\(note.reason)"])
        }
    }
}
