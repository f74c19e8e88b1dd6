import Kube

extension PrometheusAgentSpec {
    /// The schemas of the fields that define the pods and the workload that runs them.
    static let workloadProperties: Schema.Properties = [
        "mode": .choice(
            """
            The workload that runs the pods: a StatefulSet for each shard; a Deployment for each shard, \
            without persistent volumes; or one DaemonSet, whose pods each scrape the pods of their own node. \
            Defaults to StatefulSet.
            """, ["StatefulSet", "Deployment", "DaemonSet"]),
        "storage": AgentStorageSpec.schema,
        "drainTimeout": .duration(
            """
            How long a shard that is removed may continue to send what it holds; 0s removes it immediately. \
            Defaults to 2h, the longest that an agent keeps samples by itself.
            """),
        "hostNetwork": .boolean("Whether pods use the network of their node. Defaults to false."),
        "listenLocal": .boolean(
            """
            Whether Prometheus listens only on the loopback interface, for a container in the same pod. \
            Defaults to false.
            """),
        "portName": .text("The name of the port of Prometheus. Defaults to web.", max: 15, pattern: portName),
        "routePrefix": .text(
            "The path prefix under which Prometheus serves HTTP. Defaults to /.", pattern: #"^/[^\s?#]*$"#),
        "web": AgentWebSpec.schema,
    ]

    private static let portName = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
}
