/// A reference to the owner of an object: `meta/v1` OwnerReference.
public struct OwnerReference: Sendable, Hashable, Codable {
    /// The `apiVersion` of the owner.
    public var apiVersion: String
    /// The kind of the owner.
    public var kind: String
    /// The name of the owner.
    public var name: String
    /// The UID of the owner.
    public var uid: String
    /// Whether the owner is the managing controller.
    public var controller: Bool?
    /// Whether foreground deletion of the owner waits for this object.
    public var blockOwnerDeletion: Bool?

    /// Creates a reference.
    public init(
        apiVersion: String, kind: String, name: String, uid: String, controller: Bool? = nil,
        blockOwnerDeletion: Bool? = nil
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.name = name
        self.uid = uid
        self.controller = controller
        self.blockOwnerDeletion = blockOwnerDeletion
    }

    /// The API group of the owner. Ownership is matched by group and kind, regardless of the version.
    public var group: String {
        apiVersion.split(separator: "/").count == 2 ? String(apiVersion.prefix { $0 != "/" }) : ""
    }
}

extension OwnerReference {
    /// The reference as JSON.
    public var json: JSON {
        var json: JSON = [
            "apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(name), "uid": .string(uid),
        ]
        if let controller { json["controller"] = .bool(controller) }
        if let blockOwnerDeletion { json["blockOwnerDeletion"] = .bool(blockOwnerDeletion) }
        return json
    }
}
