import Kube

/// Settings shared by the Grafana datasources of all tenants of a view.
public struct GrafanaDefaults: Sendable, Hashable, Codable {
    /// The labels by which the Grafana sidecar finds the ConfigMaps with datasources.
    public var datasourceLabels: [String: String]?
    /// How datasources reach Grafana.
    public var datasources: String?
    /// The HTTP API of Grafana, through which each tenant gets an organization of its own.
    public var api: GrafanaAPISpec?

    static let schema = Schema.object(
        [
            "datasourceLabels": .strings(
                """
                The labels by which the Grafana sidecar finds the ConfigMaps with datasources, or the Secrets \
                behind a gateway, where datasources have credentials. Defaults to \
                grafana_datasource: "1", as in the Grafana Helm chart.
                """, max: 16, length: 63),
            "datasources": .choice(
                """
                How datasources reach Grafana without api. Sidecar creates a ConfigMap, or a Secret behind a gateway, \
                that the Grafana sidecar finds by datasourceLabels. GrafanaOperator creates a GrafanaDatasource of \
                grafana-operator, whose instanceSelector has datasourceLabels. Defaults to Sidecar.
                """, ["Sidecar", "GrafanaOperator"]),
            "api": GrafanaAPISpec.schema,
        ], description: "Settings shared by the Grafana datasources of all tenants.")
}

/// The HTTP API of a Grafana server.
public struct GrafanaAPISpec: Sendable, Hashable, Codable {
    /// The URL of the server.
    public var url: String
    /// The Secret with the name and the password of a server administrator.
    public var adminSecretRef: GrafanaAdmin

    static let schema = Schema.object(
        [
            "url": .url("The URL of the server, such as http://grafana.grafana.svc:3000."),
            "adminSecretRef": GrafanaAdmin.schema,
        ], required: ["url", "adminSecretRef"],
        description: """
            The HTTP API of Grafana, through which each tenant gets an organization of its own, with its datasource, its \
            dashboards and its members. If absent, each tenant gets a datasource for the Grafana sidecar.
            """)
}

/// A Secret with the name and the password of a server administrator of Grafana.
public struct GrafanaAdmin: Sendable, Hashable, Codable {
    /// The name of the Secret.
    public var name: String
    /// The key with the name of the user.
    public var userKey: String?
    /// The key with the password.
    public var passwordKey: String?

    static let schema = Schema.object(
        [
            "name": .objectName("The name of the Secret, in the namespace of the GlobalView."),
            "userKey": .text(
                "The key with the name of the user. Defaults to admin-user.", pattern: "^[-._a-zA-Z0-9]+$"),
            "passwordKey": .text(
                "The key with the password. Defaults to admin-password.", pattern: "^[-._a-zA-Z0-9]+$"),
        ], required: ["name"],
        description: "The Secret with the name and the password of a server administrator of Grafana.")
}
