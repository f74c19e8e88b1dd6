public import Kube

/// A StatefulSet of Thanos receivers, reduced to what decides ring membership.
public struct ReceiverSet: Sendable, Hashable {
    public var key: ObjectKey
    public var labels: [String: String]
    /// The replicas asked for; Kubernetes' default is 1. At most ``mostReplicas``.
    public var replicas: Int
    /// The governing headless Service, part of each pod's stable DNS name.
    public var serviceName: String
    /// Which pods are the set's.
    public var podSelector: LabelSelector
    /// The first ordinal, 0 unless `spec.ordinals.start` says otherwise.
    public var firstOrdinal: Int
    public var isBeingDeleted: Bool

    /// More replicas than this are taken for a slip of the hand: a hashring of that many would hardly fit into a
    /// ConfigMap, and whoever may scale one StatefulSet could take the memory that all tenants are planned with.
    public static let mostReplicas = 5000

    /// A StatefulSet that Tributary runs, as it should be.
    public init(key: ObjectKey, labels: [String: String], replicas: Int) {
        self.key = key
        self.labels = labels
        self.replicas = replicas
        serviceName = key.name
        podSelector = LabelSelector()
        firstOrdinal = 0
        isBeingDeleted = false
    }

    /// Reads a StatefulSet; nil where it is not one that an API server would have accepted.
    public init?(_ object: Object) {
        guard object.kind == Resource.statefulSets.kind, !object.name.isEmpty, let spec = object.json["spec"] else {
            return nil
        }
        key = object.key
        labels = object.labels
        replicas = min(max(0, spec["replicas"]?.int ?? 1), Self.mostReplicas)
        serviceName = spec["serviceName"]?.string ?? object.name
        podSelector = spec["selector"].flatMap { try? $0.decode(LabelSelector.self) } ?? LabelSelector()
        firstOrdinal = min(max(0, spec["ordinals", "start"]?.int ?? 0), Int(Int32.max))
        isBeingDeleted = object.isBeingDeleted
    }

    /// The names of the pods that the set should have, in the order of their ordinals.
    public var podNames: [String] { (firstOrdinal..<(firstOrdinal + replicas)).map { "\(key.name)-\($0)" } }
}
