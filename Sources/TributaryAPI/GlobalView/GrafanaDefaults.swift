import Kube

/// What the Grafana datasources of a view's tenants have in common.
public struct GrafanaDefaults: Sendable, Hashable, Codable {
    public var datasourceLabels: [String: String]?

    static let schema = Schema.object(
        [
            "datasourceLabels": .strings(
                """
                The labels by which Grafana's side-car finds the ConfigMaps with datasources. Defaults to \
                grafana_datasource: "1", as in Grafana's Helm chart.
                """, max: 16, length: 63)
        ], description: "What the tenants' Grafana datasources have in common.")
}
