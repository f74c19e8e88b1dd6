import Kube

/// What an applier has to know of an existing object: its owner, and a fingerprint of the fields that our field manager
/// owns. A few dozen bytes, whatever the object's size.
///
/// Two states are equal if nothing changed that concerns us. The resource version is not compared, so that a store does not
/// tell subscribers of changes to fields of other managers.
public struct AppliedState: Sendable {
    /// The object that is the controller of another, from an owner reference.
    public struct Owner: Sendable, Hashable {
        /// The API group of the owner, empty for the core group.
        public var group: String
        /// The kind of the owner.
        public var kind: String
        /// The name of the owner, which lives in the same namespace.
        public var name: String
        /// The UID of the owner.
        public var uid: UID

        init(_ reference: OwnerReference) {
            group = reference.group
            kind = reference.kind
            name = reference.name
            uid = UID(reference.uid)
        }
    }

    /// The object's UID, which no other object of its name has or had.
    public var uid: UID
    /// The version that was seen; nil if it is not a number.
    public var resourceVersion: ResourceVersion?
    /// The owner that is the object's controller.
    public var owner: Owner?
    /// Whether the object is being deleted.
    public var isBeingDeleted: Bool
    /// Whether the object has our `app.kubernetes.io/managed-by` label.
    public var hasLabel: Bool
    /// Whether our field manager has applied the object before.
    public var isApplied: Bool
    /// The fields that our field manager owns.
    let owned: Digest

    /// Reads an object with its `managedFields`, as a watch or an answer has it.
    public init(_ object: Object, as manager: FieldManager) {
        uid = UID(object.uid ?? "")
        resourceVersion = object.resourceVersion.flatMap(ResourceVersion.init)
        owner = object.ownerReferences.first { $0.controller == true }.map(Owner.init)
        isBeingDeleted = object.isBeingDeleted
        hasLabel = object.json["metadata", "labels"]?[FieldManager.label]?.string == manager.managedBy
        let fields = manager.ownedFields(of: object)
        isApplied = fields != nil
        owned = Digest(FieldManager.comparable(fields ?? [:]))
    }
}

extension AppliedState: Versioned {
    /// The object's UID and resource version.
    public var version: ObjectVersion { ObjectVersion(uid: uid, resourceVersion: resourceVersion) }
}

extension AppliedState: Hashable {
    /// Whether everything that concerns us is the same.
    public static func == (left: AppliedState, right: AppliedState) -> Bool {
        left.uid == right.uid && left.owned == right.owned && left.owner == right.owner
            && left.isBeingDeleted == right.isBeingDeleted && left.hasLabel == right.hasLabel
            && left.isApplied == right.isApplied
    }

    /// Hashes what is compared.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(uid)
        hasher.combine(owned)
    }
}

/// Who applies: the name under which the API server records the fields that we set, and the label of our objects.
public struct FieldManager: Sendable, Hashable {
    /// The label that names the program that manages an object.
    public static let label = "app.kubernetes.io/managed-by"

    /// The field manager's name, at most 128 characters.
    public var name: String
    /// The value of the label on our objects.
    public var managedBy: String

    /// A field manager.
    public init(_ name: String, managedBy: String) {
        self.name = name
        self.managedBy = managedBy
    }

    /// The part of an object that this manager has applied; nil if it never applied the object.
    func ownedFields(of object: Object) -> JSON? {
        object.managedFields(of: name)?.extract(from: object.json, keepsKeys: false)
    }

    /// An object's fields without those that the API server never records for a manager.
    static func comparable(_ json: JSON) -> JSON {
        var json = json.droppingNulls
        json["apiVersion"] = nil
        json["kind"] = nil
        json["status"] = nil
        guard var metadata = json["metadata"] else { return json }
        for member in [
            "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields",
            "selfLink",
        ] {
            metadata[member] = nil
        }
        json["metadata"] = metadata.object?.isEmpty == false ? metadata : JSON?.none
        return ServerDefaults.removed(from: json)
    }
}
