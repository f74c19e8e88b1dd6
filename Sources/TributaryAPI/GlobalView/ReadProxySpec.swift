import Kube

/// What the read proxies of a view's tenants have in common.
public struct ReadProxySpec: Sendable, Hashable, Codable {
    public var version: String?
    public var image: String?
    public var replicas: Int?
    public var resources: ResourceRequirements?

    static let schema = Schema.object(
        [
            "version": .version("The version of prom-label-proxy. Defaults to v0.14.0."),
            "image": .image(
                "Its image. Defaults to quay.io/prometheuscommunity/prom-label-proxy with the version as its tag."),
            "replicas": .count(
                "How many pods each tenant's proxy has, unless the Tenant says. Defaults to 1.", to: 100),
            "resources": ResourceRequirements.schema(
                "What the pods ask for. Defaults to requests of 10m CPU and 24Mi memory, and a limit of 128Mi memory."),
        ],
        description:
            "What the tenants' read proxies have in common: one prom-label-proxy each, with a fixed label value.")
}
