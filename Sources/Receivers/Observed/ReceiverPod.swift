import Hashring
public import Kube

/// The pod of a receiver, reduced to what decides hashring membership.
public struct ReceiverPod: Sendable, Hashable {
    /// Its namespace and name.
    public var key: ObjectKey
    /// Its labels.
    public var labels: [String: String]
    /// The StatefulSet that controls the pod.
    public var statefulSet: String
    /// The ordinal at the end of its name.
    public var ordinal: Int
    /// Whether its Ready condition is true and it is not being deleted.
    public var isReady: Bool
    /// When its readiness last changed, RFC 3339. It is when the pod was created as long as it has no Ready condition,
    /// for example because it cannot be scheduled.
    public var readinessChanged: String?
    /// Whether it is being deleted.
    public var isTerminating: Bool
    /// The node that it is scheduled to; nil before.
    public var node: String?
    /// The annotations, from which a hashring may take the zone.
    public var annotations: [String: String]
    /// Its process.
    public var process: PodProcess
    /// Why it is not ready; nil if it is, if it needs only time, or while it is being deleted.
    public var trouble: PodTrouble?

    /// The StatefulSet that controls it.
    public var setKey: ObjectKey { ObjectKey(namespace: key.namespace, name: statefulSet) }

    /// Reads a pod; nil if no StatefulSet controls it.
    public init?(_ object: Object) {
        guard object.kind == Resource.pods.kind,
            let owner = object.ownerReferences.first(where: { $0.controller == true && $0.kind == "StatefulSet" }),
            let name = PodName(object.name), name.statefulSet == owner.name
        else { return nil }
        key = object.key
        labels = object.labels
        statefulSet = owner.name
        ordinal = name.ordinal
        let ready = object.json["status", "conditions"]?.array?.first { $0["type"]?.string == "Ready" }
        isTerminating = object.isBeingDeleted
        let saysReady = ready?["status"]?.string == "True"
        isReady = saysReady && !isTerminating
        let made = isReady ? nil : object.json["metadata", "creationTimestamp"]?.string
        // A pod whose node is gone may stay Ready forever. It is unready from its deletion on.
        readinessChanged =
            saysReady && isTerminating
            ? Self.deletion(of: object) : ready?["lastTransitionTime"]?.string ?? made
        node = object.json["spec", "nodeName"]?.string
        annotations = object.annotations
        process = PodProcess(object)
        trouble = isTerminating ? nil : PodTrouble(ofPod: object)
    }

    /// When a pod was deleted: `deletionTimestamp` is the end of its grace period.
    private static func deletion(of object: Object) -> String? {
        guard let end = object.json["metadata", "deletionTimestamp"]?.string.flatMap({ Timestamp($0) }) else {
            return nil
        }
        let grace = object.json["metadata", "deletionGracePeriodSeconds"]?.int ?? 0
        return Timestamp(seconds: end.seconds - Int64(min(max(0, grace), Int(Int32.max)))).description
    }
}
