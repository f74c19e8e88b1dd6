import Kube
import KubeClient
import Logging

extension Watcher {
    /// A watcher that keeps a store up to date.
    public convenience init(
        _ scope: WatchScope, into store: Store<Value>, source: ListWatch, timeout: Duration = .seconds(290),
        logger: Logger, time: TimeSource = .system, onState: @escaping @Sendable (WatcherState) -> Void = { _ in },
        transform: @escaping @Sendable (Object) -> Value?
    ) {
        self.init(
            scope, source: source, timeout: timeout, logger: logger, time: time, onState: onState,
            transform: transform, deliver: { store.apply($0, of: scope.namespace) })
    }

    /// A watcher of a client's cluster that keeps a store up to date.
    public convenience init(
        _ scope: WatchScope, into store: Store<Value>, client: KubeClient, logger: Logger,
        onState: @escaping @Sendable (WatcherState) -> Void = { _ in },
        transform: @escaping @Sendable (Object) -> Value?
    ) {
        self.init(
            scope, into: store, source: ListWatch(client, scope), logger: logger, onState: onState,
            transform: transform)
    }
}
