/// What a set of watches tells, in order.
public enum WatchSetEvent<Scope: Hashable & Sendable, Value: Sendable>: Sendable {
    /// A watch shows that an object is new, has changed, or is gone. Another watch may know the object as well.
    case changed(Scope, Store<Value>.Change)
    /// A watch has shown everything there is, and all of it was told.
    case complete(Scope)
    /// A watch works, fails, or may not watch.
    case state(Scope, WatcherState)
    /// A watch has ended, and everything that it knew was told to be gone.
    case ended(Scope)
}
