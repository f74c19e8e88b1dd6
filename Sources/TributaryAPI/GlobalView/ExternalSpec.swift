import Kube

/// What somebody else runs: Mimir, Cortex, VictoriaMetrics, a hosted service.
public struct ExternalSpec: Sendable, Hashable, Codable {
    public var writeURL: String
    public var queryURL: String?
    public var tenantHeader: String?

    static let schema = Schema.object(
        [
            "writeURL": .url("Where agents remote-write, such as https://mimir.example.org/api/v1/push."),
            "queryURL": .url(
                """
                Where series are read, such as https://mimir.example.org/prometheus. Absent: tenants get no read proxy \
                and no datasource.
                """),
            "tenantHeader": .text(
                """
                The header by which the service tells tenants apart, such as X-Scope-OrgID. Absent: only the tenant \
                label does.
                """, max: 128, pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"),
        ], required: ["writeURL"], description: "A service that somebody else runs: Mimir, Cortex, a hosted one.")
}
