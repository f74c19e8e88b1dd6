public import Kube
import KubeClient

// For objects with fields that can only be set when they are created, such as a StatefulSet's.
extension Applier {
    /// Deletes an object with a UID without what it owns, so that an object that is created under its name can adopt that;
    /// returns whether it was there.
    ///
    /// The garbage collector removes the owner reference from what is left first; until then the object is being deleted.
    /// Throws ``NotLeading``, and what the API server or the client throws.
    @discardableResult
    public func deleteAlone(_ resource: Resource, _ key: ObjectKey, uid: UID) async throws -> Bool {
        try await delete(resource, key, uid: uid, .orphan)
    }
}
