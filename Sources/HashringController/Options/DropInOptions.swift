public import Hashring
import Kube
import Receivers

/// The options of the drop-in for thanos-receive-controller: the flags of that program and further ones.
public struct DropInOptions: Sendable, Hashable {
    /// The namespace of all objects.
    public var namespace = "default"
    /// The label of the StatefulSets to watch and of the pods to annotate.
    public var label = Label.standard
    /// The DNS domain of the cluster; empty if addresses end at `.svc`.
    public var clusterDomain = "cluster.local"
    /// The ConfigMap that users write, with hashrings and their tenants.
    public var baseName: String
    /// The ConfigMap that receivers read.
    public var generatedName: String
    /// The key of the hashring file in both.
    public var fileName: String
    /// The gRPC port of the receivers.
    public var port = 10901
    /// Whether receivers have a zone: the value of ``zoneAnnotation``, otherwise the name of their StatefulSet.
    public var usesZones = false
    /// The annotation of pods that has the zone.
    public var zoneAnnotation: String?
    /// Whether labelled pods are annotated when the file has changed, so that kubelets update their volumes at once.
    public var annotatesPods = false

    /// The copies of each series; nil uses the arguments of the receivers, otherwise 1.
    public var replicationFactor: Int?
    /// The algorithm of hashrings without one; nil uses the arguments of the receivers, otherwise ketama with zones and
    /// hashmod without.
    public var algorithm: Algorithm?
    /// How long a receiver must be ready before it joins.
    public var joinAfter: Duration = .zero
    /// How long a member may be unready or missing before it leaves; nil keeps it for as long as it is wanted.
    public var leaveAfter: Duration?
    /// The fewest members of a hashring; the replication factor is a lower bound, too.
    public var minimumReplicas = 1
    /// The most members that join or leave at a time; nil means no limit.
    public var maximumStep: Int?
    /// The time between two such steps.
    public var stepInterval: Duration = .seconds(30)

    /// Options with the defaults of thanos-receive-controller.
    public init(baseName: String, generatedName: String, fileName: String) {
        self.baseName = baseName
        self.generatedName = generatedName
        self.fileName = fileName
    }

    /// The label of a StatefulSet that names its hashring.
    public static let ringLabel = ReceiverLabels.ring

    /// A label and its value.
    public struct Label: Sendable, Hashable, CustomStringConvertible {
        /// The name of the label.
        public var key: String
        /// Its value.
        public var value: String

        /// The default of thanos-receive-controller.
        public static let standard = Label(
            key: ReceiverLabels.controller, value: ReceiverLabels.controllerValue)

        /// A label.
        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }

        /// Reads `key=value`; nil for any other text.
        public init?(_ text: String) {
            let parts = text.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else { return nil }
            self.init(key: String(parts[0]), value: String(parts[1]))
        }

        /// `key=value`, as in a label selector.
        public var description: String { "\(key)=\(value)" }
    }

    var baseKey: ObjectKey { ObjectKey(namespace: namespace, name: baseName) }
    var generatedKey: ObjectKey { ObjectKey(namespace: namespace, name: generatedName) }
}
