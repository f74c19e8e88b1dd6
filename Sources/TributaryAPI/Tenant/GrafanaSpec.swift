import Kube

/// The datasource of a tenant in Grafana.
public struct GrafanaSpec: Sendable, Hashable, Codable {
    /// The ID of the organization in Grafana that gets the datasource.
    public var organization: Int?
    /// Settings of the datasource.
    public var datasource: DatasourceSpec?

    static let schema = Schema.object(
        [
            "organization": .count(
                """
                The ID of the organization in Grafana that gets the datasource. Defaults to 1, the default \
                organization.
                """, from: 1),
            "datasource": DatasourceSpec.schema,
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
