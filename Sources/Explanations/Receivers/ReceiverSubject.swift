import Hashring
import Kube
import PlanningInput
import Receivers

/// The receiver that is explained: its pod and its StatefulSet, as far as they exist.
struct ReceiverSubject {
    /// The pod, whether it exists or not.
    let key: ObjectKey
    /// The address that was asked for; nil if the pod was named.
    let asked: String?
    let pod: Object?
    /// The pod as hashrings see it; nil if no StatefulSet controls it.
    let receiver: ReceiverPod?
    let set: ReceiverSet?

    /// Looks the receiver up; nil if neither it nor its StatefulSet exists.
    init?(_ name: ReceiverName, _ objects: ReceiverObjects) {
        asked = name.address
        let ip = name.address.map(ReceiverName.host)
        let byIP = name.pod == nil ? objects.pods.values.first { $0.json["status", "podIP"]?.string == ip } : nil
        guard let key = name.pod ?? byIP?.key else { return nil }
        self.key = key
        pod = objects.pods[key]
        receiver = pod.flatMap { ReceiverPod($0) }
        let owner = pod?.ownerReferences.first { $0.controller == true && $0.kind == "StatefulSet" }?.name
        let setName = owner ?? PodName(key.name)?.statefulSet
        set = setName.flatMap { objects.sets[ObjectKey(namespace: key.namespace, name: $0)] }
        guard pod != nil || set != nil else { return nil }
    }

    /// The number at the end of the pod's name.
    var ordinal: Int? {
        guard let name = PodName(key.name), name.statefulSet == self.set?.key.name else { return nil }
        return name.ordinal
    }

    /// Whether the StatefulSet wants the pod.
    var isWanted: Bool {
        guard let ordinal, let wanted = self.set?.wantedOrdinals else { return false }
        return wanted.contains(ordinal)
    }
}
