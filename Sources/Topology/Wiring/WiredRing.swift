import Hashring
import Kube
import PlanningInput
import Receivers
import TributaryAPI

/// A hashring as files and pods show it.
struct WiredRing: Sendable {
    /// What is known of one receiver.
    struct Receiver: Sendable {
        var isMember = false
        /// Whether its pod is ready; nil where no pod is known.
        var isReady: Bool?
        /// Why its pod is not ready.
        var trouble: String?
    }

    var name: String
    var isSoft: Bool
    /// By the name of the pod.
    var receivers: [String: Receiver] = [:]
    /// Whether pods and the published file are known, so that what is absent is not there.
    var isObserved: Bool
    /// How many receivers are asked for; nil where others decide it.
    var desired: Int?

    init(
        _ spec: HashringSpec, of view: GlobalView, _ snapshot: borrowing Snapshot, _ workloads: [PlacedWorkload]
    ) {
        name = spec.name
        isSoft = spec.isSoft
        desired = spec.replicas
        let key = view.metadata.key
        let members = snapshot.published[view.hashringsKey]?.file?.members(of: spec.name) ?? []
        for member in members { receivers[Self.pod(at: member.address), default: Receiver()].isMember = true }
        let group = PodGroup(
            namespace: key.namespace, instance: key.name, component: ThanosNames.receiverComponent,
            program: ThanosNames.receiveProgram)
        let troubles = snapshot.troubles(of: group)
        let pods = snapshot.receivers(of: spec.name, in: key)
        for pod in pods {
            receivers[pod.key.name, default: Receiver()].isReady = pod.isReady
            receivers[pod.key.name]?.trouble = troubles[pod.key]?.message
        }
        isObserved = !pods.isEmpty || !members.isEmpty
        guard !isObserved else { return }
        // Nobody has seen a pod: those that there will be.
        for set in workloads where set.hashring == spec.name && set.group.component == ThanosNames.receiverComponent {
            for ordinal in 0..<min(set.desired, Self.mostPlanned) {
                receivers["\(set.key.name)-\(ordinal)"] = Receiver()
            }
        }
    }

    /// A ring has at most as many receivers that nobody has seen.
    private static let mostPlanned = 1000

    /// The name of the pod in an address such as `receive-0.receive.observability.svc:10901`.
    private static func pod(at address: String) -> String { String(address.prefix { $0 != "." && $0 != ":" }) }
}
