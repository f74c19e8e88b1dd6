public import Hashring
import Kube

/// What the drop-in for thanos-receive-controller is to do: its flags, and Tributary's own.
public struct RingOptions: Sendable, Hashable {
    /// The one namespace in which everything is.
    public var namespace = "default"
    /// The label of the StatefulSets to look at, and of the pods to annotate.
    public var label = Label.standard
    /// The cluster's DNS domain; empty where addresses are to end at `.svc`.
    public var clusterDomain = "cluster.local"
    /// The ConfigMap that people write: rings and their tenants.
    public var baseName: String
    /// The ConfigMap that receivers read.
    public var generatedName: String
    /// The key in both under which the hashring file stands.
    public var fileName: String
    /// The receivers' gRPC port.
    public var port = 10901
    /// Whether receivers get a zone: their StatefulSet's name, or what ``zoneAnnotation`` says.
    public var usesZones = false
    /// The pods' annotation that names the zone.
    public var zoneAnnotation: String?
    /// Whether labelled pods are annotated when the file has changed, so that kubelets bring it at once.
    public var annotatesPods = false

    /// The copies of each series; where nil, what the receivers' own arguments say, else 1.
    public var replicationFactor: Int?
    /// How rings hash that do not say so; where nil, what the receivers' own arguments say, else ketama with zones and
    /// hashmod without.
    public var algorithm: Algorithm?
    /// How long a receiver has to be ready before it joins.
    public var joinAfter: Duration = .zero
    /// How long a member may be unready or missing before it leaves; nil lets it stay for as long as it is wanted.
    public var leaveAfter: Duration?
    /// The fewest members of a ring; the replication factor holds as well.
    public var minimumReplicas = 1
    /// The most members that join or leave at one time; nil sets no bound.
    public var maximumStep: Int?
    /// The time between two such steps.
    public var stepInterval: Duration = .seconds(30)

    /// Options with thanos-receive-controller's defaults.
    public init(baseName: String, generatedName: String, fileName: String) {
        self.baseName = baseName
        self.generatedName = generatedName
        self.fileName = fileName
    }

    /// The label of a StatefulSet that names its ring.
    public static let ringLabel = "controller.receive.thanos.io/hashring"

    /// A label and its value.
    public struct Label: Sendable, Hashable, CustomStringConvertible {
        /// The label's name.
        public var key: String
        /// Its value.
        public var value: String

        /// thanos-receive-controller's default.
        public static let standard = Label(
            key: "controller.receive.thanos.io", value: "thanos-receive-controller")

        /// A label.
        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }

        /// Reads `key=value`; nil where that is not what the text is.
        public init?(_ text: String) {
            let parts = text.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else { return nil }
            self.init(key: String(parts[0]), value: String(parts[1]))
        }

        /// `key=value`, as a label selector takes it.
        public var description: String { "\(key)=\(value)" }
    }

    var baseKey: ObjectKey { ObjectKey(namespace: namespace, name: baseName) }
    var generatedKey: ObjectKey { ObjectKey(namespace: namespace, name: generatedName) }
}
