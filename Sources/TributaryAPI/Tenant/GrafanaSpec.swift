import Kube

/// A tenant in Grafana.
public struct GrafanaSpec: Sendable, Hashable, Codable {
    public var organization: Int?
    public var datasource: DatasourceSpec?

    static let schema = Schema.object(
        [
            "organization": .count(
                "Grafana's number of the organization that gets the datasource. Defaults to Grafana's own, 1.", from: 1),
            "datasource": DatasourceSpec.schema,
        ], description: "The tenant's datasource in Grafana.")
}

/// A datasource in Grafana.
public struct DatasourceSpec: Sendable, Hashable, Codable {
    public var name: String?

    static let schema = Schema.object(
        ["name": .text("The name that people see. Defaults to the tenant's id.", max: 190)],
        description: "The datasource.")
}
