import Kube

/// Settings of the read proxies of a view.
public struct ReadProxySpec: Sendable, Hashable, Codable {
    /// Whether all tenants share one read proxy or each has its own.
    public var mode: String?
    /// The version of prom-label-proxy.
    public var version: String?
    /// The image of prom-label-proxy.
    public var image: String?
    /// The number of pods of each read proxy, unless the Tenant sets read.replicas.
    public var replicas: Int?
    /// The compute resources of the proxy container.
    public var resources: ResourceRequirements?

    static let schema = Schema.object(
        [
            "mode": .choice(
                """
                Whether all tenants share one read proxy, which the gateway tells who reads, or each has its own. \
                Defaults to Shared if the view has a gateway, otherwise PerTenant.
                """, ["Shared", "PerTenant"]),
            "version": .version("The version of prom-label-proxy. Defaults to \(DefaultImage.promLabelProxy.version)."),
            "image": .image(
                """
                The image of prom-label-proxy. Defaults to \(DefaultImage.promLabelProxy.repository), tagged \
                with the version.
                """),
            "replicas": .count(
                """
                The number of pods of each read proxy, unless the Tenant sets read.replicas. Defaults to 1, or 2 if \
                all tenants share one.
                """, to: 100),
            "resources": ResourceRequirements.schema(
                """
                The compute resources of each proxy container. Defaults to requests of 10m CPU and 24Mi memory and a \
                limit of 128Mi memory, or 50m CPU, 64Mi and 512Mi if all tenants share a proxy.
                """),
        ],
        description:
            """
            Settings shared by the read proxies of all tenants. A read proxy is a prom-label-proxy: that of one tenant \
            has a fixed label value, and a shared one shows the series of the tenant that the gateway names.
            """)
}
