import Kube

/// A service that others run, such as Mimir, Cortex, VictoriaMetrics or a hosted service.
public struct ExternalSpec: Sendable, Hashable, Codable {
    /// The URL that agents remote-write to, such as https://mimir.example.org/api/v1/push.
    public var writeURL: String
    /// The URL to read series from, such as https://mimir.example.org/prometheus.
    public var queryURL: String?
    /// The header by which the service tells tenants apart, such as X-Scope-OrgID.
    public var tenantHeader: String?

    static let schema = Schema.object(
        [
            "writeURL": .url("The URL that agents remote-write to, such as https://mimir.example.org/api/v1/push."),
            "queryURL": .url(
                """
                The URL to read series from, such as https://mimir.example.org/prometheus. If absent, tenants \
                get no read proxy and no datasource.
                """),
            "tenantHeader": .text(
                """
                The header by which the service tells tenants apart, such as X-Scope-OrgID. If absent, only the \
                tenant label tells them apart.
                """, max: 128, pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"),
        ], required: ["writeURL"], description: "A service that others run, such as Mimir, Cortex or a hosted service.")
}
