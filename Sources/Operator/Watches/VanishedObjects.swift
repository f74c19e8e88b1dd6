import Kube
import KubeClient
import Planning
import PlanningInput

/// The custom resources of which an object has vanished, until it is known that they still exist themselves.
///
/// The garbage collector deletes what a deleted custom resource owned. An operator whose watch of custom resources is behind
/// that of their objects would create these again, to be deleted again, for as long as that lasts.
final class VanishedObjects: Sendable {
    /// When a custom resource that is gone is looked at again, should no watch show that it is gone.
    static let patience = Duration.seconds(5)

    private let keys = Locked<Set<PlanKey>>([])
    private let uid: @Sendable (PlanKey) async throws -> String?

    /// Nothing has vanished yet; `uid` asks the API server for the UID of a custom resource.
    init(uid: @escaping @Sendable (PlanKey) async throws -> String?) { self.uid = uid }

    /// Asks a client. By a list, since an operator that watches a kind may list it.
    convenience init(_ client: KubeClient) {
        self.init { key in
            let query = ListQuery(fieldSelector: "metadata.name=\(key.objectKey.name)", limit: 1)
            return try await client.list(key.resource, namespace: key.objectKey.namespace, query).items.first?.uid
        }
    }

    /// An object that was made for a custom resource has vanished.
    func note(_ key: PlanKey) { keys.withLock { _ = $0.insert(key) } }

    /// A custom resource is gone, or all that was made for it is there.
    func forget(_ key: PlanKey) { keys.withLock { _ = $0.remove(key) } }

    /// Whether what vanished may be created again: not if the custom resource is gone as well.
    func mayReturn(for key: PlanKey, _ owner: Object) async throws -> Bool {
        guard keys.withLock({ $0.contains(key) }) else { return true }
        guard try await uid(key) == owner.uid else { return false }
        forget(key)
        return true
    }
}
