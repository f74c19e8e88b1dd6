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
    /// nginx, as the gateway. Its tags have no `v`.
    static let nginx = DefaultImage(repository: "docker.io/library/nginx", version: "1.28.0")
    /// The read proxies.
    static let promLabelProxy = DefaultImage(
        repository: "quay.io/prometheuscommunity/prom-label-proxy", version: "v0.14.0")

    /// The image with the tag of a version. Tags start with a `v` if that of the default version does, whether the given
    /// version has it or not.
    func name(version: String) -> String {
        let number = version.hasPrefix("v") ? version.dropFirst() : version[...]
        return "\(repository):\(self.version.hasPrefix("v") ? "v" : "")\(number)"
    }
}
