public import Kube

/// The rules of a tenant, which see its series and no others.
public struct TenantRulesSpec: Sendable, Hashable, Codable, RuleSelecting {
    /// The labels of the PrometheusRules.
    public var selector: LabelSelector?
    /// The namespaces of the PrometheusRules, by name.
    public var namespaces: [String]?
    /// The namespaces of the PrometheusRules, by labels.
    public var namespaceSelector: LabelSelector?
    /// How often rules are evaluated.
    public var evaluationInterval: String?
    /// The number of pods that evaluate the rules.
    public var replicas: Int?
    /// The compute resources of each pod.
    public var resources: ResourceRequirements?
    /// Where alerts are sent.
    public var alertmanagers: [AlertmanagerSpec]?
    /// Rules for the labels of alerts.
    public var alertRelabelConfigs: [RelabelConfigSpec]?

    static let rules: [CheckedRule<TenantRulesSpec>] = RuleSelectorSpec.rules()

    func checkRules(at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(self, Self.rules, at: path)
        RuleSelectorSpec.check(self, at: path, &errors)
        for (index, entry) in (alertmanagers ?? []).enumerated() {
            entry.checkRules(at: path.appending("alertmanagers").appending(index), &errors)
        }
        for (index, rule) in (alertRelabelConfigs ?? []).enumerated() {
            errors.check(rule, RelabelConfigSpec.rules, at: path.appending("alertRelabelConfigs").appending(index))
        }
    }

    static let schema = Schema.object(
        [
            "evaluationInterval": .duration(
                """
                How often rules are evaluated whose group sets no interval. Defaults to rules.evaluationInterval of the \
                GlobalView.
                """),
            "replicas": .count("The number of pods that evaluate the rules. Defaults to 1.", from: 1, to: 4),
            "resources": ResourceRequirements.schema(
                "The compute resources of each pod. Defaults to rules.resources of the GlobalView."),
        ],
        and: RuleSelectorSpec.properties(
            own: "the namespace of the Tenant",
            alertsGo: "Defaults to rules.alertmanagers of the GlobalView; an empty list sends alerts nowhere."),
        description: """
            The rules of the tenant. They see the tenant's own series, and their results and alerts carry its label. Thanos \
            Rule evaluates them in pods of the tenant's own, which exist only while there are rules.
            """
    ).with(rules: rules)
}
