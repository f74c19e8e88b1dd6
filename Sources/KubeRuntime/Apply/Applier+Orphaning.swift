public import Kube
import KubeClient

/// For objects of which some fields are set when they are made and never after, such as a StatefulSet's.
extension Applier {
    /// Deletes an object that is ours, and only the one with that UID, and leaves what it owns without an owner, for an
    /// object of its name that is made anew to adopt; returns whether it was there.
    ///
    /// Kubernetes' garbage collector takes the owner off what is left first; until then the object is being deleted.
    /// Throws ``NotLeading``, and what the API server or the client throws.
    @discardableResult
    public func deleteAlone(_ resource: Resource, _ key: ObjectKey, uid: UID) async throws -> Bool {
        try await delete(resource, key, uid: uid, .orphan)
    }
}
