import Kube

/// The object storage to which receivers upload, which Store Gateways serve and the Compactor compacts.
public struct ObjectStorageSpec: Sendable, Hashable, Codable {
    /// The Secret key with the object storage configuration of Thanos, such as thanos.yaml.
    public var secretRef: KeySelector

    static let schema = Schema.object(
        [
            "secretRef": KeySelector.schema(
                "The Secret key with the object storage configuration of Thanos, such as thanos.yaml.")
        ], required: ["secretRef"],
        description:
            """
            The object storage to which receivers upload, which Store Gateways serve and the Compactor compacts. \
            Adopted receivers have their own configuration, which must name the same storage.
            """
    )
}
