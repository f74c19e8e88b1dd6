public import Kube

extension PrometheusAgent {
    static let rules: [CheckedRule<PrometheusAgent>] = NameRule.rules(max: longestName)

    /// The maximum length of a name, so that the names of StatefulSets, which end with the shard, have at most 52
    /// characters.
    public static let longestName = 37

    /// The structural schema in the CustomResourceDefinition.
    public static let schema = Definition.root(
        "A PrometheusAgent is a Prometheus in agent mode: it scrapes targets and remote-writes the samples.",
        spec: PrometheusAgentSpec.schema, status: PrometheusAgentStatus.schema
    ).with(rules: rules)

    /// The CustomResourceDefinition.
    public static var crd: JSON {
        Definition(
            resource: resource, shortNames: ["tpa"], schema: schema,
            columns: [
                .init(name: "Version", path: ".status.version", description: "Prometheus's version."),
                .init(
                    name: "Desired", path: ".status.desired", description: "The desired shards and replicas."),
                .init(
                    name: "Ready", type: "integer", path: ".status.ready",
                    description: "The number of pods that are ready."),
                .init(
                    name: "Monitors", type: "integer", path: ".status.monitors",
                    description: "The number of monitors in the configuration."),
                .init(
                    name: "Rejected", type: "integer", path: ".status.rejected",
                    description: "The number of monitors that are rejected because they are invalid."),
                .init(
                    name: "Delivering", path: #".status.conditions[?(@.type=="Delivering")].status"#,
                    description: "Whether samples arrive at every remote write."),
                .init(
                    name: "Behind", path: ".status.delivery.behind",
                    description: "How far sending is behind scraping.", priority: 1),
                .init(
                    name: "Reason", path: ".status.delivery.reason",
                    description: "Why samples do not arrive.", priority: 1),
                .message, .age,
            ],
            scale: [
                "specReplicasPath": ".spec.shards", "statusReplicasPath": ".status.shards",
                "labelSelectorPath": ".status.selector",
            ]
        ).json
    }

    /// The CEL rules of the schema that the object violates.
    public func findBrokenRules() -> [FieldError] {
        var errors: [FieldError] = []
        let path = FieldPath("spec")
        errors.check(self, Self.rules, at: FieldPath())
        errors.check(spec, PrometheusAgentSpec.rules + PrometheusAgentSpec.workloadRules, at: path)
        for (name, selector) in spec.selectors {
            errors.check(selector, LabelSelector.rules, at: path.appending(name))
        }
        errors.check(spec.storage, AgentStorageSpec.rules, at: path.appending("storage"))
        spec.apiserverConfig?.checkRules(at: path.appending("apiserverConfig"), &errors)
        spec.web?.tlsConfig?.checkRules(at: path.appending("web").appending("tlsConfig"), &errors)
        for (index, write) in (spec.remoteWrite ?? []).enumerated() {
            write.checkRules(at: path.appending("remoteWrite").appending(index), &errors)
        }
        errors.check(spec.otlp, OTLPConfig.rules, at: path.appending("otlp"))
        spec.tracingConfig?.checkRules(at: path.appending("tracingConfig"), &errors)
        for (index, scrapeClass) in (spec.scrapeClasses ?? []).enumerated() {
            scrapeClass.checkRules(at: path.appending("scrapeClasses").appending(index), &errors)
        }
        return errors
    }
}

extension PrometheusAgentSpec {
    /// All label selectors, by their fields.
    fileprivate var selectors: [(field: String, selector: LabelSelector?)] {
        [
            ("serviceMonitorSelector", serviceMonitorSelector),
            ("serviceMonitorNamespaceSelector", serviceMonitorNamespaceSelector),
            ("podMonitorSelector", podMonitorSelector),
            ("podMonitorNamespaceSelector", podMonitorNamespaceSelector),
            ("probeSelector", probeSelector),
            ("probeNamespaceSelector", probeNamespaceSelector),
            ("scrapeConfigSelector", scrapeConfigSelector),
            ("scrapeConfigNamespaceSelector", scrapeConfigNamespaceSelector),
        ]
    }
}
