import Kube
import KubeClient

/// The two calls that a watcher makes, as closures: a client's, or a test's script.
public struct ListWatch: Sendable {
    /// The events of one watch; they end when the server ends the watch.
    public typealias Events = any AsyncSequence<WatchEvent, any Error> & Sendable

    /// Gets one page of a list. Throws `APIStatus` for what the server refuses.
    public var list: @Sendable (ListQuery) async throws -> ObjectList
    /// Opens a watch, and returns once the server has accepted it. Throws `APIStatus` for what the server refuses.
    public var watch: @Sendable (WatchQuery) async throws -> Events

    /// The calls as closures.
    public init(
        list: @escaping @Sendable (ListQuery) async throws -> ObjectList,
        watch: @escaping @Sendable (WatchQuery) async throws -> Events
    ) {
        self.list = list
        self.watch = watch
    }

    /// A client's calls for the objects of a scope.
    public init(_ client: KubeClient, _ scope: WatchScope) {
        self.init(
            list: { try await client.list(scope.resource, namespace: scope.namespace, $0) },
            watch: { try await client.watch(scope.resource, namespace: scope.namespace, $0) })
    }
}

/// Which objects a watcher watches.
public struct WatchScope: Sendable, Hashable {
    /// The kind of the objects.
    public var resource: Resource
    /// Their namespace; nil for all.
    public var namespace: String?
    /// Requirements on their labels, as `kubectl -l` takes them.
    public var labelSelector: String?
    /// Requirements on their fields, such as `metadata.name=a`.
    public var fieldSelector: String?
    /// Whether only metadata is asked for.
    public var metadataOnly: Bool
    /// Whether to ask for streaming lists; otherwise, or if the server refuses them, lists come in pages.
    public var streamsLists: Bool

    /// A scope.
    public init(
        _ resource: Resource, namespace: String? = nil, labelSelector: String? = nil, fieldSelector: String? = nil,
        metadataOnly: Bool = false, streamsLists: Bool = true
    ) {
        self.resource = resource
        self.namespace = namespace
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.metadataOnly = metadataOnly
        self.streamsLists = streamsLists
    }
}
