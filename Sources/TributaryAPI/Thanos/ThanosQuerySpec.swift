import Kube

/// Where tenants are read from: Thanos Query.
public struct ThanosQuerySpec: Sendable, Hashable, Codable {
    /// The query API to which the read proxies of tenants forward, if others run it.
    public var url: String?
    /// The number of Thanos Query pods that Tributary runs if url is absent.
    public var replicas: Int?
    /// The compute resources of the Thanos Query container.
    public var resources: ResourceRequirements?
    /// Endpoints from which Thanos Query reads in addition to the receivers.
    public var endpoints: [String]?

    static let schema = Schema.object(
        [
            "url": .url(
                """
                The query API to which the read proxies of tenants forward, such as \
                http://thanos-query.observability.svc:9090: a Thanos Query or Query Frontend that others run.
                """),
            "replicas": .count(
                """
                The number of Thanos Query pods that Tributary runs if url is absent. They read from the \
                receivers of all hashrings. With a gateway, as many more serve tenants and find only the series \
                of the tenant that reads. Defaults to 0.
                """,
                to: 100),
            "resources": ResourceRequirements.schema(
                """
                The compute resources of the Thanos Query container. Takes effect with replicas. Defaults to \
                requests of 100m CPU and 256Mi memory, without limits.
                """),
            "endpoints": .set(
                of: .text("An address for --endpoint.", pattern: #"^\S+$"#), max: 64,
                """
                Endpoints from which Thanos Query reads in addition to the receivers, such as the Store Gateway \
                dnssrv+_grpc._tcp.thanos-store.observability.svc.cluster.local. Takes effect with replicas.
                """),
        ], description: "Where tenants are read from.")
}
