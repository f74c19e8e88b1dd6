import Kube

extension PrometheusAgentSpec {
    static let schema = Schema.object(
        [
            "version": .version("Prometheus's version. Defaults to v3.5.0."),
            "image": .image(
                "Prometheus's image. Defaults to quay.io/prometheus/prometheus with the version as its tag."),
            "replicas": .count(
                """
                How many pods scrape the same targets, told apart by the label that replicaExternalLabelName names. \
                Defaults to 1.
                """, to: 10),
            "shards": .count(
                "Over how many StatefulSets the targets are spread, each with replicas pods. Defaults to 1.", from: 1,
                to: 100),
            "tenantRef": NamespacedReference.schema(
                """
                The tenant whose label, URL and header the agent takes on, where the Tenant is in the same cluster. \
                It gives a remoteWrite entry named tenant.
                """, name: "The Tenant's name."),
            "externalLabels": .strings(
                "Labels to add to every series that is sent, such as the cluster; what tenantRef gives stands first."),
            "replicaExternalLabelName": labelName(
                """
                The external label that tells replicas apart by their pods' names; empty for none. Defaults to \
                __replica__, by which Mimir and Cortex keep one of each sample.
                """),
            "prometheusExternalLabelName": labelName(
                "The external label that carries the agent's namespace and name. Defaults to none."),
            "scrapeInterval": .duration("How often targets are scraped, unless theirs says. Defaults to 30s."),
            "scrapeTimeout": .duration(
                "How long a scrape may take, unless theirs says. Defaults to 10s, or scrapeInterval if that is less."),
            "serviceMonitorSelector": selector("ServiceMonitors"),
            "serviceMonitorNamespaceSelector": namespaceSelector("ServiceMonitors"),
            "podMonitorSelector": selector("PodMonitors"),
            "podMonitorNamespaceSelector": namespaceSelector("PodMonitors"),
            "probeSelector": selector("Probes"),
            "probeNamespaceSelector": namespaceSelector("Probes"),
            "scrapeConfigSelector": selector("ScrapeConfigs"),
            "scrapeConfigNamespaceSelector": namespaceSelector("ScrapeConfigs"),
            "scrapeClasses": .list(
                of: ScrapeClassSpec.schema, by: "name", max: 20,
                "Settings that monitors take on by a class's name; at most one class is the default."),
            "podTargetLabels": .set(
                of: .text("A label's name.", max: 317), max: 50,
                "Labels of pods that every PodMonitor's and ServiceMonitor's targets carry, besides its own."),
            "apiserverConfig": APIServerConfig.schema,
            "serviceDiscoveryRole": .choice(
                "Which objects say where Services' pods are. Defaults to Endpoints.", ["Endpoints", "EndpointSlice"]),
            "overrideHonorLabels": .boolean(
                "Takes honorLabels for false in all monitors, so that targets cannot say whose they are. Defaults to false."
            ),
            "overrideHonorTimestamps": .boolean("Takes honorTimestamps for false in all monitors. Defaults to false."),
            "ignoreNamespaceSelectors": .boolean(
                "Has monitors find targets in their own namespaces only, whatever they say. Defaults to false."),
            "arbitraryFSAccessThroughSMs": ArbitraryFSAccess.schema,
            "enforcedNamespaceLabel": labelName(
                """
                The label that carries a monitor's namespace on all that comes in by it, whatever its rules say. \
                Defaults to none.
                """),
            "excludedFromEnforcement": .list(
                of: EnforcementExclusion.schema, max: 200,
                "Monitors whose targets do not get the label that enforcedNamespaceLabel names."),
            "enforcedSampleLimit": limit("How many samples a scrape may have"),
            "enforcedTargetLimit": limit("How many targets a monitor may have"),
            "enforcedLabelLimit": limit("How many labels a sample may have"),
            "enforcedLabelNameLengthLimit": limit("How long a label's name may be"),
            "enforcedLabelValueLengthLimit": limit("How long a label's value may be"),
            "enforcedKeepDroppedTargets": limit("How many dropped targets are remembered for each monitor"),
            "enforcedBodySizeLimit": .text(
                "How large a response may be, such as 50MB, whatever monitors say. Defaults to no limit.", max: 32,
                pattern: "^(0|([0-9]*[.])?[0-9]+((K|M|G|T|E|P)i?)?B)$"),
            "scrapeConfigs": .list(
                of: scrapeConfig, by: "job_name", max: 500,
                "Scrape configurations as Prometheus has them, with its own field names; no credentials in them."),
            "additionalScrapeConfigs": KeySelector.schema(
                "The Secret with more scrape configurations as Prometheus has them, a YAML list."),
            "remoteWrite": .list(
                of: RemoteWriteSpec.schema, max: 20,
                "Where what is scraped goes; merged by name with what tenantRef gives."),
            "resources": ResourceRequirements.schema(
                "What the pods ask for. Defaults to requests of 50m CPU and 128Mi memory, without limits."),
            "nodeSelector": .strings("The labels of the nodes that pods may run on.", length: 63),
            "tolerations": .list(of: Toleration.schema(), max: 50, "The taints that pods put up with."),
            "affinity": .anyObject(
                """
                The pods' affinity, as in a pod. Defaults to preferring another node for each replica of a shard.
                """),
            "serviceAccountName": .objectName(
                """
                The ServiceAccount that pods run as. Defaults to one of its own, with Roles for the namespaces that \
                it discovers targets in.
                """),
            "logLevel": .choice("How much is logged. Defaults to info.", ["debug", "info", "warn", "error"]),
            "logFormat": .choice("How it is logged. Defaults to logfmt.", ["logfmt", "json"]),
            "podMetadata": PodMetadata.schema,
            "paused": .boolean(
                "Leaves everything that was made for this agent as it is, until it is false again. Defaults to false."),
        ],
        and: tenantProperties.merging(globalProperties) { own, _ in own }.merging(workloadProperties) { own, _ in own },
        description: "What is asked of the agent. Field names follow prometheus-operator's PrometheusAgent."
    ).with(rules: rules + workloadRules)

    private static let scrapeConfig = Schema.object(
        ["job_name": .text("The job's name, unique in the agent.", max: 512)], required: ["job_name"],
        description: "A scrape configuration as Prometheus has it."
    ).with { $0.preservesUnknownFields = true }

    private static func labelName(_ description: String) -> Schema {
        .string(description).with {
            $0.maxLength = 128
            $0.pattern = "^([a-zA-Z_][a-zA-Z0-9_]*)?$"
        }
    }

    private static func limit(_ what: String) -> Schema {
        .largeCount("\(what) at most, whatever monitors say; 0 is no limit. Defaults to no limit.")
    }

    private static func selector(_ kind: String) -> Schema {
        LabelSelector.schema("Which \(kind) become scrape configurations; empty selects all. Defaults to none.")
    }

    private static func namespaceSelector(_ kind: String) -> Schema {
        LabelSelector.schema(
            "In which namespaces \(kind) are looked for, by their labels; empty is all. Defaults to the agent's own.")
    }
}
