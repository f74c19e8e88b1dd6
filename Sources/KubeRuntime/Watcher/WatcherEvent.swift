import Kube

/// What a watcher reports about its objects, in order.
public enum WatcherEvent<Value: Sendable>: Sendable {
    /// All objects that exist: the end of the first list, or of a later one after events were missed.
    case restarted([ObjectKey: Value])
    /// An object is new or has changed.
    case applied(ObjectKey, Value)
    /// An object is gone, or the watcher's transform does not keep it.
    case deleted(ObjectKey)
}

extension WatcherEvent: Equatable where Value: Equatable {}

/// How a watcher is doing, for readiness and metrics.
public enum WatcherState: Sendable, Hashable {
    /// The first list is on its way.
    case starting
    /// Everything is known and changes come in.
    case watching
    /// The last call failed and is tried again; what is known may be out of date.
    case failing(reason: String)
    /// The API server does not allow it and is asked again from time to time; what is known may be out of date.
    case forbidden(reason: String)
}
