import Kube

/// Finds the objects of one kind that own an object.
///
/// As in controller-runtime, an owner is told by its API group and kind, whatever the version, and lives in the object's
/// namespace unless its kind has none.
public struct OwnerMapping: Sendable {
    /// The kind of the owners.
    public var resource: Resource
    /// Whether only the owner that is the object's controller counts.
    public var controllerOnly: Bool

    /// A mapping to owners of a kind.
    public init(resource: Resource, controllerOnly: Bool = true) {
        self.resource = resource
        self.controllerOnly = controllerOnly
    }

    /// The owners before and after a change, each once: an object that changes hands concerns both.
    public func keys(of object: ObjectKey, old: [OwnerReference]?, new: [OwnerReference]?) -> [ObjectKey] {
        var keys: [ObjectKey] = []
        for owner in (old ?? []) + (new ?? []) {
            guard owner.kind == resource.kind, owner.group == resource.group,
                !controllerOnly || owner.controller == true
            else { continue }
            let key = ObjectKey(namespace: resource.isNamespaced ? object.namespace : "", name: owner.name)
            if !keys.contains(key) { keys.append(key) }
        }
        return keys
    }

    /// The owners before and after a change, each once, of an object whose controller is known.
    public func keys(of object: ObjectKey, old: AppliedState.Owner?, new: AppliedState.Owner?) -> [ObjectKey] {
        var keys: [ObjectKey] = []
        for owner in [old, new].compactMap(\.self) where owner.kind == resource.kind && owner.group == resource.group {
            let key = ObjectKey(namespace: resource.isNamespaced ? object.namespace : "", name: owner.name)
            if !keys.contains(key) { keys.append(key) }
        }
        return keys
    }
}
