import Kube

/// A central Prometheus that receives what agents remote-write.
public struct PrometheusSpec: Sendable, Hashable, Codable {
    public var version: String?
    public var image: String?
    public var replicas: Int?
    public var retention: String?
    public var storage: StorageSpec?
    public var resources: ResourceRequirements?
    public var federate: [FederationSpec]?
    public var remoteRead: [RemoteReadSpec]?

    func validate(at path: FieldPath, _ errors: inout [FieldError]) {
        for (index, spoke) in (federate ?? []).enumerated() {
            let path = path.appending("federate").appending(index)
            errors.check(spoke, FederationSpec.rules, at: path)
            spoke.tlsConfig?.validate(at: path.appending("tlsConfig"), &errors)
        }
        for (index, spoke) in (remoteRead ?? []).enumerated() {
            let path = path.appending("remoteRead").appending(index)
            errors.check(spoke, RemoteReadSpec.rules, at: path)
            spoke.tlsConfig?.validate(at: path.appending("tlsConfig"), &errors)
        }
    }

    static let schema = Schema.object(
        [
            "version": .version("Prometheus's version. Defaults to v3.5.0."),
            "image": .image(
                "Prometheus's image. Defaults to quay.io/prometheus/prometheus with the version as its tag."),
            "replicas": .count(
                """
                How many Prometheus pods run. Each holds what it was sent itself, so more than one is for agents that \
                write to each of them. Defaults to 1.
                """, from: 1, to: 10),
            "retention": .duration("How long series are kept. Defaults to 15d."),
            "storage": StorageSpec.schema(
                "The volume for the series. Defaults to none: an emptyDir, which is lost with its pod."),
            "resources": ResourceRequirements.schema(
                "What the pods ask for. Defaults to requests of 100m CPU and 512Mi memory, without limits."),
            "federate": .list(
                of: FederationSpec.schema, by: "name", max: 100,
                "Prometheus servers that cannot push: their series are pulled from /federate."),
            "remoteRead": .list(
                of: RemoteReadSpec.schema, by: "name", max: 100,
                "Prometheus servers and stores that are asked when a query comes, and not stored here."),
        ], description: "A central Prometheus, run with its remote-write receiver on.")
}
