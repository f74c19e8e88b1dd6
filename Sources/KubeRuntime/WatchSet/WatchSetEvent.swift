/// What a set of watches tells its subscribers, in order.
public enum WatchSetEvent<Scope: Hashable & Sendable, Value: Sendable>: Sendable {
    /// A watch shows that an object is new, has changed, or is gone. Another watch may know the object as well.
    case changed(Scope, Store<Value>.Change)
    /// A watch has shown everything there is; all of it has been handed over.
    case complete(Scope)
    /// A watch works, fails, or is not allowed.
    case state(Scope, WatcherState)
    /// A watch has ended; each object that it knew was reported as gone from it.
    case ended(Scope)
}
