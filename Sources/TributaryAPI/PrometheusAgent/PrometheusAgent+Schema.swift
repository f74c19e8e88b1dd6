public import Kube

extension PrometheusAgent {
    static let rules: [CheckedRule<PrometheusAgent>] = NameRule.rules(max: longestName)

    /// How long an agent's name may be: its StatefulSets' names, with the shard at their end, stay within 52 characters.
    public static let longestName = 37

    public static let schema = Definition.root(
        "A Prometheus in agent mode: it scrapes, and remote-writes what it scraped.",
        spec: PrometheusAgentSpec.schema, status: PrometheusAgentStatus.schema
    ).with(rules: rules)

    public static var crd: JSON {
        Definition(
            resource: resource, shortNames: ["tpa"], schema: schema,
            columns: [
                .init(name: "Version", path: ".status.version", description: "Prometheus's version."),
                .init(name: "Desired", path: ".status.desired", description: "Replicas times shards."),
                .init(name: "Ready", type: "integer", path: ".status.ready", description: "How many pods are ready."),
                .init(
                    name: "Monitors", type: "integer", path: ".status.monitors",
                    description: "How many monitors are taken in."),
                .init(
                    name: "Rejected", type: "integer", path: ".status.rejected",
                    description: "How many monitors are left out because something is wrong with them."),
                .message, .age,
            ],
            scale: [
                "specReplicasPath": ".spec.shards", "statusReplicasPath": ".status.shards",
                "labelSelectorPath": ".status.selector",
            ]
        ).json
    }

    public func validate() -> [FieldError] {
        var errors: [FieldError] = []
        let path = FieldPath("spec")
        errors.check(self, Self.rules, at: FieldPath())
        errors.check(spec, PrometheusAgentSpec.rules + PrometheusAgentSpec.workloadRules, at: path)
        errors.check(spec.storage, AgentStorageSpec.rules, at: path.appending("storage"))
        spec.apiserverConfig?.validate(at: path.appending("apiserverConfig"), &errors)
        spec.web?.tlsConfig?.validate(at: path.appending("web").appending("tlsConfig"), &errors)
        for (index, write) in (spec.remoteWrite ?? []).enumerated() {
            write.validate(at: path.appending("remoteWrite").appending(index), &errors)
        }
        errors.check(spec.otlp, OTLPConfig.rules, at: path.appending("otlp"))
        spec.tracingConfig?.validate(at: path.appending("tracingConfig"), &errors)
        for (index, scrapeClass) in (spec.scrapeClasses ?? []).enumerated() {
            scrapeClass.validate(at: path.appending("scrapeClasses").appending(index), &errors)
        }
        return errors
    }
}
