import Kube

/// An event of a watch.
public enum WatchEvent: Sendable, Hashable {
    /// An object was created, or existed when the watch started.
    case added(Object)
    /// An object changed.
    case modified(Object)
    /// An object was deleted; this is its last state.
    case deleted(Object)
    /// There was no change up to this version. `initialEventsEnd` marks the end of the initial list.
    case bookmark(resourceVersion: String, initialEventsEnd: Bool)
    /// The server ended the watch, for example with 410 for an expired version. No event follows.
    case error(APIStatus)
}
