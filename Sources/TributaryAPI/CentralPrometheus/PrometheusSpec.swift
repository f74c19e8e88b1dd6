import Kube

/// A central Prometheus that receives the remote writes of agents.
public struct PrometheusSpec: Sendable, Hashable, Codable {
    /// The version of Prometheus.
    public var version: String?
    /// The image of Prometheus.
    public var image: String?
    /// The number of Prometheus pods, each of which stores all series.
    public var replicas: Int?
    /// How long writes through the gateway wait for a replica that is down, before they go on without it.
    public var replicaPatience: String?
    /// How long Prometheus keeps series.
    public var retention: String?
    /// The volume of each pod, which stores the series.
    public var storage: StorageSpec?
    /// The compute resources of the Prometheus container.
    public var resources: ResourceRequirements?
    /// How the label of a tenant gets onto what it writes through the gateway.
    public var writeIsolation: String?
    /// The compute resources of each pod of the relay.
    public var relayResources: ResourceRequirements?
    /// Prometheus servers that cannot push.
    public var federate: [FederationSpec]?
    /// Prometheus servers and other stores that Prometheus reads at query time.
    public var remoteRead: [RemoteReadSpec]?

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        for (index, spoke) in (federate ?? []).enumerated() {
            let path = path.appending("federate").appending(index)
            errors.check(spoke, FederationSpec.rules, at: path)
            spoke.tlsConfig?.checkRules(at: path.appending("tlsConfig"), &errors)
        }
        for (index, spoke) in (remoteRead ?? []).enumerated() {
            let path = path.appending("remoteRead").appending(index)
            errors.check(spoke, RemoteReadSpec.rules, at: path)
            spoke.tlsConfig?.checkRules(at: path.appending("tlsConfig"), &errors)
        }
    }

    static let schema = Schema.object(
        [
            "version": .version("The version of Prometheus. Defaults to \(DefaultImage.prometheus.version)."),
            "image": .image(
                """
                The image of Prometheus. Defaults to \(DefaultImage.prometheus.repository), tagged with the \
                version.
                """),
            "replicas": .count(
                """
                The number of Prometheus pods. Each pod stores all series: the relay behind the gateway sends every \
                write to all of them, and without a gateway agents write to each of them. Queries go to the pod that \
                has been ready the longest. Defaults to 1.
                """, from: 1, to: 10),
            "replicaPatience": .duration(
                """
                How long writes through the gateway wait for a replica that is down, before they go on without it. \
                Meanwhile agents keep their samples, and queries do not find new ones. Afterwards the replica has a \
                gap, which queries see only if they have to go to it. 0s never waits, and 4h is as long as agents keep \
                samples. Defaults to 5m.
                """),
            "retention": .duration("How long Prometheus keeps series. Defaults to 15d."),
            "storage": StorageSpec.schema(
                """
                The volume of each pod, which stores the series. Defaults to an emptyDir, which is lost with its \
                pod.
                """),
            "resources": ResourceRequirements.schema(
                """
                The compute resources of the Prometheus container. Defaults to requests of 100m CPU and 512Mi \
                memory, without limits.
                """),
            "writeIsolation": .choice(
                """
                How the label of a tenant gets onto what it writes through the gateway. Prometheus stores labels as \
                they are sent. Relay sends writes through a relay that all tenants share, which forces the label of the \
                tenant and returns the answer of Prometheus. Trusted forwards writes as they are: a tenant can write \
                series with the label of another; with several replicas, a relay still sends writes to all of them. \
                Takes effect with a gateway. Defaults to Relay.
                """, ["Relay", "Trusted"]),
            "relayResources": ResourceRequirements.schema(
                """
                The compute resources of each pod of the relay. Defaults to requests of 20m CPU and 32Mi memory and a \
                limit of 256Mi memory. With a lower limit, a write of the largest size ends the pod.
                """),
            "federate": .list(
                of: FederationSpec.schema, by: "name", max: 100,
                "Prometheus servers that cannot push. Prometheus pulls their series from /federate and stores them."),
            "remoteRead": .list(
                of: RemoteReadSpec.schema, by: "name", max: 100,
                """
                Prometheus servers and other stores that Prometheus reads at query time. Their series are not \
                stored here.
                """),
        ], description: "A central Prometheus that receives remote writes.")
}
