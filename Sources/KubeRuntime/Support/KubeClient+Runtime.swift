import Kube
import KubeClient
import Logging

extension ListWatch {
    /// A client's calls for the objects of a scope.
    public init(_ client: KubeClient, _ scope: WatchScope) {
        self.init(
            list: { try await client.list(scope.resource, namespace: scope.namespace, $0) },
            watch: { try await client.watch(scope.resource, namespace: scope.namespace, $0) })
    }
}

extension ObjectAPI {
    /// A client's calls.
    public init(_ client: KubeClient) {
        self.init(
            get: { try await client.get($0, $1) },
            apply: { try await client.apply($0, $1, fieldManager: $2, force: true, subresource: $3) },
            create: { try await client.create($0, $1) },
            update: { try await client.update($0, $1) },
            merge: { try await client.patch($0, $1, .merge, body: $2) },
            delete: { _ = try await client.delete($0, $1, $2) })
    }
}

extension Watcher {
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
