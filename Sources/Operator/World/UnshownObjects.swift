import Kube
import PlanningInput

/// The objects that were made for custom resources, and that no watch has shown yet.
///
/// The pass that follows the one that made an object may no longer want it, and deletes it although no watch shows it yet.
/// So the event with which a watch shows it needs no pass of its own.
final class UnshownObjects: Sendable {
    private let objects = Locked<[PlanKey: [OwnedKey: OwnedObject]]>([:])

    /// An object was made.
    func made(_ object: OwnedObject, as owned: OwnedKey) {
        guard let key = object.madeFor else { return }
        objects.withLock { $0[key, default: [:]][owned] = object }
    }

    /// A watch shows an object, or that it is gone; returns whether it was unshown.
    @discardableResult
    func isShown(_ object: OwnedObject, as owned: OwnedKey) -> Bool {
        guard let key = object.madeFor else { return false }
        return objects.withLock { objects in
            guard objects[key]?.removeValue(forKey: owned) != nil else { return false }
            if objects[key]?.isEmpty == true { objects[key] = nil }
            if objects.isEmpty { objects = [:] }  // else the table would stay as large as it ever was
            return true
        }
    }

    /// The objects that were made for a custom resource.
    func madeFor(_ key: PlanKey) -> [OwnedKey: OwnedObject] { objects.withLock { $0[key] ?? [:] } }

    /// The custom resource is gone, with all that was made for it.
    func forget(_ key: PlanKey) { objects.withLock { _ = $0.removeValue(forKey: key) } }
}
