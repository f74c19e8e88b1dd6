public import Kube

/// A pod of a view's gateway, reduced to which configuration its kubelet was told about.
public struct GatewayPod: Sendable, Hashable {
    public var key: ObjectKey
    /// The UID of the pod; nil if it comes from a file.
    public var uid: String?
    public var isTerminating: Bool
    /// The name of the global view, which is in the pod's namespace.
    public var view: String
    /// The configuration that the pod's kubelet was last told about; nil before the first one.
    package var told: Told?

    /// On pods of a gateway: the beginning of the SHA-256 of the configuration that their kubelet was told about, and
    /// the time when it was.
    public static let annotation = "tributary.dev/gateway-configuration"

    /// What a kubelet was told: the value of ``annotation``.
    package struct Told: Sendable, Hashable {
        package var hash: String
        package var time: Timestamp

        package init(hash: String, time: Timestamp) {
            self.hash = hash
            self.time = time
        }

        /// Reads an annotation; nil if somebody else wrote it.
        init?(_ value: String) {
            let parts = value.split(separator: " ")
            guard parts.count == 2, let time = Timestamp(parts[1]) else { return nil }
            self.init(hash: String(parts[0]), time: time)
        }

        /// The value of the annotation.
        package var value: String { "\(hash) \(time.microTime)" }
    }

    /// Reads a pod; nil if it is not a gateway's.
    public init?(_ object: Object) {
        guard object.kind == Resource.pods.kind,
            object.labels["app.kubernetes.io/component"] == GatewayNames.component,
            let view = object.labels["app.kubernetes.io/instance"]
        else { return nil }
        key = object.key
        uid = object.uid
        isTerminating = object.isBeingDeleted
        self.view = view
        told = object.annotations[Self.annotation].flatMap(Told.init)
    }

    /// Selects the pods of a view's gateway.
    package static func selector(of view: String) -> LabelSelector {
        var selector = LabelSelector()
        selector.matchLabels = [
            Names.managedByLabel: Names.manager, "app.kubernetes.io/instance": view,
            "app.kubernetes.io/component": GatewayNames.component,
        ]
        return selector
    }

    /// The global view that the gateway belongs to.
    package var viewKey: ObjectKey { ObjectKey(namespace: key.namespace, name: view) }
}
