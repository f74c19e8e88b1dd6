public import Hashring
public import Kube
public import Receivers

/// A labelled StatefulSet of receivers, reduced to what the drop-in uses.
public struct LabelledReceiverSet: Sendable, Hashable {
    /// Its replicas, its Service and the selector of its pods.
    public var receivers: ReceiverSet
    /// The hashring that its label names.
    public var ring: String
    /// `--receive.replication-factor` in its containers' arguments.
    public var replicationFactor: Int?
    /// `--receive.hashrings-algorithm` in its containers' arguments.
    public var algorithm: Algorithm?
    /// The number of ready pods in its status. A change of it hints that pods have changed.
    public var readyReplicas: Int
    /// The number of pods in its status.
    public var currentReplicas: Int
    /// Whether its status is about its newest specification.
    public var isObserved: Bool

    /// Reads a StatefulSet; nil without the label that names its hashring.
    public init?(_ object: Object) {
        guard let receivers = ReceiverSet(object), let ring = object.labels[DropInOptions.ringLabel] else { return nil }
        var plain = receivers
        plain.labels = [:]
        self.receivers = plain
        self.ring = ring
        replicationFactor = receivers.flags?.known("receive.replication-factor")
            .flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        algorithm = receivers.flags?.known("receive.hashrings-algorithm")
            .flatMap { [Algorithm.hashmod, .ketama].contains(Algorithm(rawValue: $0)) ? Algorithm(rawValue: $0) : nil }
        let status = object.json["status"]
        readyReplicas = status?["readyReplicas"]?.int ?? 0
        currentReplicas = status?["replicas"]?.int ?? 0
        isObserved = (status?["observedGeneration"]?.int ?? 0) >= (object.generation ?? 0)
    }

    /// Its namespace and name.
    public var key: ObjectKey { receivers.key }
    /// Whether its status says that every pod exists and is ready.
    var isComplete: Bool {
        isObserved && readyReplicas == receivers.replicas && currentReplicas == receivers.replicas
    }
}
