public import Kube

/// A persistent volume for each pod.
public struct StorageSpec: Sendable, Hashable, Codable {
    public var size: String
    public var className: String?

    /// The specification of a PersistentVolumeClaim for it.
    public var claim: JSON {
        var claim: JSON = [
            "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": JSON(size)]],
        ]
        if let className { claim["storageClassName"] = JSON(className) }
        return claim
    }

    static func schema(_ description: String) -> Schema {
        .object(
            [
                "size": .size("The volume's size, such as 100Gi."),
                "className": .objectName("The StorageClass. Defaults to the cluster's own default."),
            ], required: ["size"], description: description)
    }
}
