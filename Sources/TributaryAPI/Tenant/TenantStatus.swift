public import Kube

/// The observed state of a tenant.
public struct TenantStatus: Sendable, Hashable, Codable {
    /// The metadata.generation that this status is based on.
    public var observedGeneration: Int64?
    /// The id that the header and the label of the tenant hold.
    public var id: String?
    /// The hashring of the tenant; (soft) for a soft tenant.
    public var hashring: String?
    /// The URL that the tenant reads from: that of the gateway, or of its read proxy.
    public var readURL: String?
    /// The URL that the tenant's agents write to.
    public var writeURL: String?
    /// What arrives of the tenant's series.
    public var received: ReceivedStatus?
    /// The URLs of further replicas, to which the tenant's agents write as well.
    public var replicaWriteURLs: [String]?
    /// The credentials that the gateway accepts, without their values.
    public var credentials: CredentialsStatus?
    /// How far the offboarding of the tenant is.
    public var offboarding: OffboardingStatus?
    /// What exists in Grafana for the tenant.
    public var grafana: GrafanaStatus?
    /// What became of the tenant's rules.
    public var rules: RulesStatus?
    /// The conditions Ready, Reconciling, Stalled and Receiving.
    public var conditions: [Condition]?

    static let schema = Schema.object(
        [
            "observedGeneration": .largeCount("The metadata.generation that this status is based on."),
            "id": .string("The id that the header and the label of the tenant hold."),
            "hashring": .string("The hashring of the tenant; (soft) for a soft tenant."),
            "readURL": .string("The URL that the tenant reads from: that of the gateway, or of its read proxy."),
            "writeURL": .string("The URL that the tenant's agents write to."),
            "received": ReceivedStatus.schema,
            "replicaWriteURLs": .list(
                of: .string("A URL."), max: 10,
                "The URLs of further replicas of the central Prometheus, to which the tenant's agents write as well."),
            "credentials": CredentialsStatus.schema,
            "offboarding": OffboardingStatus.schema,
            "grafana": GrafanaStatus.schema,
            "rules": RulesStatus.schema,
            "conditions": Condition.listSchema(
                "\(Condition.usual) Receiving is False if samples of the tenant have arrived and no longer do."),
        ], description: "The observed state of the tenant.")
}

/// The credentials of a tenant, without their values.
public struct CredentialsStatus: Sendable, Hashable, Codable {
    /// The credential for writing.
    public var write: CredentialStatus?
    /// The credential for reading.
    public var read: CredentialStatus?

    static let schema = Schema.object(
        [
            "write": CredentialStatus.schema("The credential for writing."),
            "read": CredentialStatus.schema("The credential for reading."),
        ], description: "The credentials that the gateway accepts, without their values.")
}

/// One credential of a tenant, without its value.
public struct CredentialStatus: Sendable, Hashable, Codable {
    /// The Secret that holds it.
    public var secretName: String?
    /// The time since when it is valid.
    public var validSince: String?
    /// The time until when the former credential is accepted as well.
    public var formerValidUntil: String?

    static func schema(_ description: String) -> Schema {
        .object(
            [
                "secretName": .string("The Secret that holds it."),
                "validSince": .string("The time since when it is valid.").with { $0.format = "date-time" },
                "formerValidUntil": .string("The time until when the former credential is accepted as well.").with {
                    $0.format = "date-time"
                },
            ], description: description)
    }
}

/// How far the offboarding of a tenant is.
public struct OffboardingStatus: Sendable, Hashable, Codable {
    /// The time since when writes are refused.
    public var since: String?
    /// The time when reads end and everything is removed.
    public var readsUntil: String?
    /// ReadOnly while the tenant can read; Removed once everything that was created for it is removed.
    public var phase: String?

    static let schema = Schema.object(
        [
            "since": .string("The time since when writes are refused.").with { $0.format = "date-time" },
            "readsUntil": .string("The time when reads end and everything is removed.").with {
                $0.format = "date-time"
            },
            "phase": .string(
                "ReadOnly while the tenant can read; Removed once everything that was created for it is removed."),
        ], description: "How far the offboarding of the tenant is.")
}

/// What exists in Grafana for a tenant.
public struct GrafanaStatus: Sendable, Hashable, Codable {
    /// The ID of the tenant's organization.
    public var organization: Int?
    /// Why Grafana does not have what the tenant should have.
    public var problem: String?

    static let schema = Schema.object(
        [
            "organization": .count("The ID of the tenant's organization."),
            "problem": .string("Why Grafana does not have what the tenant should have."),
        ], description: "What exists in Grafana for the tenant.")
}
