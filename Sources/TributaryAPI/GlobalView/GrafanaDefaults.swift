import Kube

/// Settings shared by the Grafana datasources of all tenants of a view.
public struct GrafanaDefaults: Sendable, Hashable, Codable {
    /// The labels by which the Grafana sidecar finds the ConfigMaps with datasources.
    public var datasourceLabels: [String: String]?

    static let schema = Schema.object(
        [
            "datasourceLabels": .strings(
                """
                The labels by which the Grafana sidecar finds the ConfigMaps with datasources. Defaults to \
                grafana_datasource: "1", as in the Grafana Helm chart.
                """, max: 16, length: 63)
        ], description: "Settings shared by the Grafana datasources of all tenants.")
}
