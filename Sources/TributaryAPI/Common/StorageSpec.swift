public import Kube

/// A persistent volume for each pod.
public struct StorageSpec: Sendable, Hashable, Codable {
    /// The size of the volume, such as 100Gi.
    public var size: String
    /// The StorageClass of the volume.
    public var className: String?

    /// The `spec` of a PersistentVolumeClaim for the volume.
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
                "size": .size("The size of the volume, such as 100Gi."),
                "className": .objectName(
                    "The StorageClass of the volume. Defaults to the default class of the cluster."),
            ], required: ["size"], description: description)
    }
}
