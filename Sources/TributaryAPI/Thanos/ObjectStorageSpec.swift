import Kube

/// The object storage that receivers upload to.
public struct ObjectStorageSpec: Sendable, Hashable, Codable {
    public var secretRef: KeySelector

    static let schema = Schema.object(
        [
            "secretRef": KeySelector.schema(
                "The Secret with Thanos's object storage configuration, such as thanos.yaml.")
        ], required: ["secretRef"],
        description:
            "The object storage that receivers upload to. Takes effect for managed hashrings: adopted ones have their own."
    )
}
