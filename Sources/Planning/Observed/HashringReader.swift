public import Kube
public import Receivers

/// A pod that reads a global view's hashring file, and forwards samples by it.
public struct HashringReader: Sendable, Hashable {
    /// The pod.
    public var key: ObjectKey
    public var isReady: Bool
    public var isTerminating: Bool
}

/// A router's pod, reduced to whether it forwards.
public struct RouterPod: Sendable, Hashable {
    public var key: ObjectKey
    public var isReady: Bool
    public var isTerminating: Bool
    /// The name of the global view.
    public var view: String
    /// Where and since when it runs.
    public var process: PodProcess

    /// Reads a pod; nil where it is not a router's.
    public init?(_ object: Object) {
        guard object.kind == Resource.pods.kind,
            object.labels["app.kubernetes.io/component"] == ReceiverNames.routerComponent,
            let view = object.labels["app.kubernetes.io/instance"]
        else { return nil }
        key = object.key
        self.view = view
        let ready = object.json["status", "conditions"]?.array?.first { $0["type"]?.string == "Ready" }
        isReady = ready?["status"]?.string == "True"
        isTerminating = object.isBeingDeleted
        process = PodProcess(object)
    }
}

extension Snapshot {
    /// The pods that read a global view's hashring file: the receivers of all its rings, those that are to go included, and
    /// its routers; in no order.
    public func hashringReaders(of view: ObjectKey) -> [HashringReader] {
        receivers(of: adoptedRings(of: view)).map {
            HashringReader(key: $0.key, isReady: $0.isReady, isTerminating: $0.isTerminating)
        }
            + routers(of: view).map {
                HashringReader(key: $0.key, isReady: $0.isReady, isTerminating: $0.isTerminating)
            }
    }
}
