public import Kube
public import Receivers

/// A router's pod, reduced to whether it forwards samples.
public struct RouterPod: Sendable, Hashable {
    public var key: ObjectKey
    public var isReady: Bool
    public var isTerminating: Bool
    /// The name of the global view, which is in the pod's namespace.
    public var view: String
    /// The process that runs in the pod.
    public var process: PodProcess

    /// Reads a pod; nil if it is not a router's.
    public init?(_ object: Object) {
        guard object.kind == Resource.pods.kind,
            object.labels["app.kubernetes.io/component"] == ThanosNames.routerComponent,
            let view = object.labels["app.kubernetes.io/instance"]
        else { return nil }
        key = object.key
        self.view = view
        let ready = object.json["status", "conditions"]?.array?.first { $0["type"]?.string == "Ready" }
        isReady = ready?["status"]?.string == "True"
        isTerminating = object.isBeingDeleted
        process = PodProcess(object)
    }

    /// The global view that the router belongs to.
    package var viewKey: ObjectKey { ObjectKey(namespace: key.namespace, name: view) }
}
