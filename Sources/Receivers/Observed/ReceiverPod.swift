import Hashring
public import Kube

/// A receiver's pod, reduced to what decides ring membership.
public struct ReceiverPod: Sendable, Hashable {
    public var key: ObjectKey
    public var labels: [String: String]
    /// The StatefulSet that controls the pod.
    public var statefulSet: String
    /// The number at the end of the name.
    public var ordinal: Int
    /// Whether it says that it is ready, and is not on its way out.
    public var isReady: Bool
    /// When readiness last changed, RFC 3339; since the pod was made where nobody has said anything of it yet, as of one
    /// that cannot be scheduled.
    public var readinessChanged: String?
    public var isTerminating: Bool
    public var node: String?
    /// The annotations, from which a ring may take the zone.
    public var annotations: [String: String]
    /// Where and since when it runs.
    public var process: PodProcess

    /// The StatefulSet that controls the pod.
    public var setKey: ObjectKey { ObjectKey(namespace: key.namespace, name: statefulSet) }

    /// Reads a pod; nil where it is not a StatefulSet's.
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
        // A pod whose node is gone may call itself ready for ever: from its deletion on it is not.
        readinessChanged =
            saysReady && isTerminating
            ? Self.deletion(of: object) : ready?["lastTransitionTime"]?.string ?? made
        node = object.json["spec", "nodeName"]?.string
        annotations = object.annotations
        process = PodProcess(object)
    }

    /// When a pod was asked to go: what is told is when it will be over with it.
    private static func deletion(of object: Object) -> String? {
        guard let end = object.json["metadata", "deletionTimestamp"]?.string.flatMap({ Timestamp($0) }) else {
            return nil
        }
        let grace = object.json["metadata", "deletionGracePeriodSeconds"]?.int ?? 0
        return Timestamp(seconds: end.seconds - Int64(min(max(0, grace), Int(Int32.max)))).description
    }
}
