import Kube

/// Where Thanos is read.
public struct ThanosQuerySpec: Sendable, Hashable, Codable {
    public var url: String?
    public var replicas: Int?
    public var resources: ResourceRequirements?
    public var endpoints: [String]?

    static let schema = Schema.object(
        [
            "url": .url(
                """
                The query API that tenants' read proxies forward to, such as \
                http://thanos-query.observability.svc:9090: somebody else's Thanos Query or Query Frontend.
                """),
            "replicas": .count(
                """
                How many Thanos Query pods Tributary runs, without url. They read from the receivers of every \
                hashring. Defaults to 0.
                """,
                to: 100),
            "resources": ResourceRequirements.schema(
                """
                What the Thanos Query pods ask for, with replicas. Defaults to requests of 100m CPU and 256Mi memory, \
                without limits.
                """),
            "endpoints": .set(
                of: .text("An address for --endpoint.", pattern: #"^\S+$"#), max: 64,
                """
                What Thanos Query reads from besides the receivers, with replicas, such as a Store Gateway: \
                dnssrv+_grpc._tcp.thanos-store.observability.svc.cluster.local.
                """),
        ], description: "Where Thanos is read.")
}
