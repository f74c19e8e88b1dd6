import Kube

/// The datasource of a tenant in Grafana.
public struct GrafanaSpec: Sendable, Hashable, Codable {
    /// The ID of the organization in Grafana that gets the datasource.
    public var organization: Int?
    /// Settings of the datasource.
    public var datasource: DatasourceSpec?
    /// The members of the tenant's organization.
    public var members: [GrafanaMember]?

    static let schema = Schema.object(
        [
            "organization": .count(
                """
                The ID of the organization in Grafana that gets the datasource. Defaults to 1, the default \
                organization. With another one the tenant gets no datasource, since Grafana does not start \
                with a datasource of an organization that does not exist: set grafana.api of the GlobalView \
                instead, which creates an organization for each tenant.
                """, from: 1),
            "datasource": DatasourceSpec.schema,
            "members": .list(
                of: GrafanaMember.schema, by: "login", max: 1000,
                """
                The members of the tenant's organization, who must be users of Grafana. Takes effect with grafana.api \
                of the GlobalView. Others are removed from the organization. If absent, members are not managed.
                """),
        ], description: "The datasource of the tenant in Grafana.")
}

/// Settings of a datasource in Grafana.
public struct DatasourceSpec: Sendable, Hashable, Codable {
    /// The name of the datasource in Grafana.
    public var name: String?

    static let schema = Schema.object(
        ["name": .text("The name of the datasource in Grafana. Defaults to the id of the tenant.", max: 190)],
        description: "Settings of the datasource.")
}

/// A member of a tenant's organization in Grafana.
public struct GrafanaMember: Sendable, Hashable, Codable {
    /// The login or the email address of the user.
    public var login: String
    /// The role of the user in the organization.
    public var role: String?

    static let schema = Schema.object(
        [
            "login": .text("The login or the email address of the user.", max: 190),
            "role": .choice(
                "The role of the user in the organization. Defaults to Viewer.", ["Viewer", "Editor", "Admin"]),
        ], required: ["login"])
}
