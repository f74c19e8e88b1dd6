import Kube

/// What happens to PersistentVolumeClaims: `apps/v1` StatefulSetPersistentVolumeClaimRetentionPolicy.
public struct ClaimRetention: Sendable, Hashable, Codable {
    public var whenDeleted: String?
    public var whenScaled: String?
}

/// How many of a shard's pods may be away.
public struct DisruptionBudgetSpec: Sendable, Hashable, Codable {
    public var maxUnavailable: IntOrString?
    public var enabled: Bool?
}

/// Names to resolve without DNS: `core/v1` HostAlias.
public struct HostAlias: Sendable, Hashable, Codable {
    public var ip: String
    public var hostnames: [String]
}

/// A further argument of Prometheus.
public struct AdditionalArgument: Sendable, Hashable, Codable {
    public var name: String
    public var value: String?
}
