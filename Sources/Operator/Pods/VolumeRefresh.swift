import Kube
import KubeRuntime
import Logging
import Planning
import PlanningInput

/// Annotates the pods that mount a Secret or ConfigMap after Tributary has written it.
///
/// A kubelet looks at a pod that changes within a second, and at one that does not change every minute or so: only then it
/// writes the pod's volumes anew.
final class VolumeRefresh: Sendable {
    /// The annotation on the pods: the resource version of the object that was written last.
    static let annotation = "tributary.dev/volumes-changed"

    private let machine = Locked(VolumeRefreshStateMachine())
    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let hasBeenRefused = Locked(false)
    private let time: TimeSource
    private let annotator: PodAnnotator
    /// The pods of a group.
    private let pods: @Sendable (PodGroup) -> [OwnPod]
    private let logger: Logger

    init(
        time: TimeSource = .system, annotator: PodAnnotator, logger: Logger,
        pods: @escaping @Sendable (PodGroup) -> [OwnPod]
    ) {
        self.time = time
        self.annotator = annotator
        self.logger = logger
        self.pods = pods
    }

    /// Takes in an object that was written. A new one is announced to pods that are there already: they may mount it, whether
    /// it exists or not. Pods that come later start with it.
    func wrote(_ object: Object, isNew: Bool) {
        guard object.kind == Resource.secrets.kind || object.kind == Resource.configMaps.kind,
            let version = object.resourceVersion, let group = PodGroup(object)
        else { return }
        let readers = group.readers.filter { !isNew || !pods($0).isEmpty }
        guard !readers.isEmpty else { return }
        let now = time.now()
        machine.withLock { machine in
            for group in readers { machine.changed(group, version: version, now: now) }
        }
        wakes.continuation.yield()
    }

    /// Annotates until the task is cancelled; only one task at a time may call this.
    func run() async {
        await withDiscardingTaskGroup { rounds in
            await run { round in
                rounds.addTask {
                    await self.annotate(round)
                    self.machine.withLock { $0.finished(round.group, now: self.time.now()) }
                    self.wakes.continuation.yield()
                }
            }
            rounds.cancelAll()
        }
    }

    /// Starts each round when it is due: a slow one delays no other group.
    private func run(_ start: (VolumeRefreshStateMachine.Round) -> Void) async {
        var wakes = wakes.stream.makeAsyncIterator()
        while !Task.isCancelled {
            let now = time.now()
            let step = machine.withLock { $0.next(now: now) }
            for round in step.rounds { start(round) }
            let timer = step.at.map { at in
                Task { [time, continuation = self.wakes.continuation] in
                    try await time.sleep(at - now)
                    continuation.yield()
                }
            }
            let isWoken = await wakes.next() != nil
            timer?.cancel()
            guard isWoken else { break }
        }
    }

    private func annotate(_ round: VolumeRefreshStateMachine.Round) async {
        let annotations = pods(round.group).filter { !$0.isTerminating }.sorted { $0.key < $1.key }.map {
            PodAnnotation(pod: $0.key, uid: $0.uid, name: Self.annotation, value: round.version)
        }
        guard !annotations.isEmpty else { return }
        do {
            guard let refusal = try await annotator.annotate(annotations) else { return }
            let isFirst = hasBeenRefused.withLock { refused in
                defer { refused = true }
                return !refused
            }
            guard isFirst else { return }
            logger.warning(
                "pods may not be annotated: they get changed volumes on the next kubelet sync",
                metadata: ["reason": "\(refusal.message)"])
        } catch {
            // The kubelet gets to it by itself.
            logger.debug("pods were not annotated", metadata: ["reason": "\(error)"])
        }
    }
}

extension PodGroup {
    /// The groups of pods that mount the objects of this group.
    fileprivate var readers: [PodGroup] {
        switch component {
        // Receivers and routers share the limits file. The hashring file has annotations of its own.
        case "limits":
            [ThanosNames.receiverComponent, ThanosNames.routerComponent].map {
                PodGroup(namespace: namespace, instance: instance, component: $0, program: program)
            }
        // The copy of a tenant's credential is the agent's.
        case AgentNames.writeCredential:
            [
                PodGroup(
                    namespace: namespace, instance: instance, component: AgentNames.component,
                    program: AgentNames.program)
            ]
        default: [self]
        }
    }
}
