/// A container image that Tributary runs unless an object names another: its repository and its version.
struct DefaultImage: Sendable {
    /// The repository, without a tag.
    let repository: String
    /// The version that runs unless the object sets one.
    let version: String

    /// Prometheus, as a central server and as an agent.
    static let prometheus = DefaultImage(repository: "quay.io/prometheus/prometheus", version: "v3.5.0")
    /// Thanos: receivers, routers and queriers.
    static let thanos = DefaultImage(repository: "quay.io/thanos/thanos", version: "v0.41.0")
    /// The read proxy of each tenant.
    static let promLabelProxy = DefaultImage(
        repository: "quay.io/prometheuscommunity/prom-label-proxy", version: "v0.14.0")

    /// The image with the tag of a version. Tags start with a `v`, which the version may omit.
    func name(version: String) -> String {
        "\(repository):\(version.hasPrefix("v") ? version : "v\(version)")"
    }
}
