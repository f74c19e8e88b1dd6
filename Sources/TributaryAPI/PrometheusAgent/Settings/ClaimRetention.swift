import Kube

/// What happens to unused PersistentVolumeClaims: `apps/v1` StatefulSetPersistentVolumeClaimRetentionPolicy.
public struct ClaimRetention: Sendable, Hashable, Codable {
    /// The policy when the object is deleted.
    public var whenDeleted: String?
    /// The policy when the number of replicas is reduced.
    public var whenScaled: String?

    static let schema = Schema.object(
        [
            "whenDeleted": .choice("The policy when the object is deleted. Defaults to Retain.", ["Retain", "Delete"]),
            "whenScaled": .choice(
                "The policy when the number of replicas is reduced. Defaults to Retain.", ["Retain", "Delete"]),
        ], description: "What happens to PersistentVolumeClaims that are no longer needed.")
}
