public import Kube

/// A receiver's pod, reduced to what decides ring membership.
public struct ReceiverPod: Sendable, Hashable {
    public var key: ObjectKey
    public var labels: [String: String]
    /// The StatefulSet that controls the pod.
    public var statefulSet: String
    /// The number at the end of the name.
    public var ordinal: Int
    public var isReady: Bool
    /// When readiness last changed, RFC 3339; since the pod was made where nobody has said anything of it yet, as of one
    /// that cannot be scheduled.
    public var readinessChanged: String?
    public var isTerminating: Bool
    public var node: String?
    /// The annotations, from which a ring may take the zone.
    public var annotations: [String: String]

    /// Reads a pod; nil where it is not a StatefulSet's.
    public init?(_ object: Object) {
        guard object.kind == Resource.pods.kind,
            let owner = object.ownerReferences.first(where: { $0.controller == true && $0.kind == "StatefulSet" }),
            object.name.hasPrefix(owner.name + "-"),
            let ordinal = Int(object.name.dropFirst(owner.name.count + 1)), ordinal >= 0
        else { return nil }
        key = object.key
        labels = object.labels
        statefulSet = owner.name
        self.ordinal = ordinal
        let ready = object.json["status", "conditions"]?.array?.first { $0["type"]?.string == "Ready" }
        isReady = ready?["status"]?.string == "True"
        let made = isReady ? nil : object.json["metadata", "creationTimestamp"]?.string
        readinessChanged = ready?["lastTransitionTime"]?.string ?? made
        isTerminating = object.isBeingDeleted
        node = object.json["spec", "nodeName"]?.string
        annotations = object.annotations
    }
}
