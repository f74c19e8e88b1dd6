import Kube

extension PrometheusAgentSpec {
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
                The number of pods that scrape the same targets. The label that replicaExternalLabelName names \
                tells them apart. Defaults to 1.
                """, in: PrometheusAgent.replicaRange),
            "shards": .count(
                """
                The number of shards over which the targets are distributed. Each shard has as many pods as \
                replicas says. Defaults to 1.
                """, in: PrometheusAgent.shardRange),
            "tenantRef": NamespacedReference.schema(
                """
                The tenant from which the agent takes the label, the URL and the header, if the Tenant is in the \
                same cluster. Adds a remoteWrite entry named tenant.
                """, name: "The name of the Tenant."),
            "externalLabels": .strings(
                """
                Labels to add to every series that is sent, such as the cluster. The label from tenantRef takes \
                precedence.
                """),
            "replicaExternalLabelName": Schema.labelName(
                """
                The external label that holds the name of the pod and so tells replicas apart; empty means no \
                label. Defaults to __replica__, by which Mimir and Cortex deduplicate samples.
                """),
            "prometheusExternalLabelName": Schema.labelName(
                "The external label that holds the namespace and the name of the agent. Defaults to no label."),
            "remoteWrite": .list(
                of: RemoteWriteSpec.schema, max: 20,
                "The endpoints to send samples to. Entries are merged by name with those from tenantRef."),
            "resources": ResourceRequirements.schema(
                """
                The compute resources of the Prometheus container. Defaults to requests of 50m CPU and 128Mi \
                memory, without limits.
                """),
            "paused": .boolean(
                "Whether the operator leaves everything that belongs to this agent unchanged. Defaults to false."),
        ],
        and: [ScrapingFields.properties, tenantProperties, globalProperties, workloadProperties, PodFields.properties]
            .reduce(into: [:]) { $0.merge($1) { own, _ in own } },
        description: "The desired state of the agent. Field names follow the PrometheusAgent of prometheus-operator."
    ).with(rules: rules + workloadRules)
}
