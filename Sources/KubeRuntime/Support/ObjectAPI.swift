import Kube
import KubeClient

/// The calls on single objects, as closures: those of a client, or of a test.
///
/// Each throws `APIStatus` for what the server refuses.
public struct ObjectAPI: Sendable {
    /// Reads an object.
    public var get: @Sendable (Resource, ObjectKey) async throws -> Object
    /// Applies an object, or one of its subresources, for a field manager; takes over fields of other managers.
    public var apply:
        @Sendable (Resource, Object, _ fieldManager: String, _ subresource: String?) async throws -> Object
    /// Creates an object.
    public var create: @Sendable (Resource, Object) async throws -> Object
    /// Replaces an object; with a resource version, only that version of it.
    public var update: @Sendable (Resource, Object) async throws -> Object
    /// Merges JSON into an object (RFC 7386).
    public var merge: @Sendable (Resource, ObjectKey, JSON) async throws -> Object
    /// Deletes an object.
    public var delete: @Sendable (Resource, ObjectKey, DeleteOptions) async throws -> Void

    /// The calls as closures.
    public init(
        get: @escaping @Sendable (Resource, ObjectKey) async throws -> Object,
        apply: @escaping @Sendable (Resource, Object, String, String?) async throws -> Object,
        create: @escaping @Sendable (Resource, Object) async throws -> Object,
        update: @escaping @Sendable (Resource, Object) async throws -> Object,
        merge: @escaping @Sendable (Resource, ObjectKey, JSON) async throws -> Object,
        delete: @escaping @Sendable (Resource, ObjectKey, DeleteOptions) async throws -> Void
    ) {
        self.get = get
        self.apply = apply
        self.create = create
        self.update = update
        self.merge = merge
        self.delete = delete
    }

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
