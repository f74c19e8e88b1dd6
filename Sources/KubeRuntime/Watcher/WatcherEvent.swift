import Kube

/// What a watcher tells about the objects it watches, in order.
public enum WatcherEvent<Value: Sendable>: Sendable {
    /// These are all objects there are: the end of the first list, or of a later one after events were missed.
    case restarted([ObjectKey: Value])
    /// An object is new or has changed.
    case applied(ObjectKey, Value)
    /// An object is gone, or is none that the watcher's transform keeps.
    case deleted(ObjectKey)
}

extension WatcherEvent: Equatable where Value: Equatable {}

/// How a watcher is doing, for readiness and metrics.
public enum WatcherState: Sendable, Hashable {
    /// The first list is on its way.
    case starting
    /// Everything is known and changes come in.
    case watching
    /// The last call failed, and is tried again; what is known may be old.
    case failing(reason: String)
    /// The API server does not allow it, and is asked again now and then; what is known may be old.
    case forbidden(reason: String)
}
