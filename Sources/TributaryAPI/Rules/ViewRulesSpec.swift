public import Kube

/// The rules of a global view: those of the platform, which see all series, and what the rules of tenants have in common.
public struct ViewRulesSpec: Sendable, Hashable, Codable, RuleSelecting {
    /// The labels of the platform's PrometheusRules.
    public var selector: LabelSelector?
    /// The namespaces of the platform's PrometheusRules, by name.
    public var namespaces: [String]?
    /// The namespaces of the platform's PrometheusRules, by labels.
    public var namespaceSelector: LabelSelector?
    /// How often rules are evaluated.
    public var evaluationInterval: String?
    /// The number of pods that evaluate the platform's rules.
    public var replicas: Int?
    /// The version of Thanos Rule.
    public var version: String?
    /// The image of Thanos Rule.
    public var image: String?
    /// The compute resources of each pod that evaluates rules.
    public var resources: ResourceRequirements?
    /// The id under which results of the platform's rules are stored where ids tell tenants apart.
    public var storeAs: String?
    /// Where alerts are sent.
    public var alertmanagers: [AlertmanagerSpec]?
    /// Rules for the labels of the platform's alerts.
    public var alertRelabelConfigs: [RelabelConfigSpec]?
    /// The limits for the rules of each tenant.
    public var tenantLimits: RuleLimitsSpec?

    static let rules: [CheckedRule<ViewRulesSpec>] = RuleSelectorSpec.rules()

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
                "How often rules are evaluated whose group and tenant set no interval. Defaults to 1m."),
            "replicas": .count("The number of pods that evaluate the platform's rules. Defaults to 1.", from: 1, to: 4),
            "version": .version(
                """
                The version of Thanos Rule. Defaults to that of thanos, or to \(DefaultImage.thanos.version).
                """),
            "image": .image(
                """
                The image of Thanos Rule, which needs a shell. Defaults to that of thanos, or to \
                \(DefaultImage.thanos.repository), tagged with the version.
                """),
            "resources": ResourceRequirements.schema(
                """
                The compute resources of each pod that evaluates rules. Defaults to requests of 10m CPU and 48Mi memory \
                and a limit of 512Mi memory.
                """),
            "storeAs": .text(
                """
                The id under which the results of the platform's rules are stored with thanos and with an external \
                service that has a tenantHeader. The Tenant with this id reads them. Defaults to platform-rules.
                """, max: 150, pattern: TenantIDs.pattern),
            "tenantLimits": RuleLimitsSpec.schema,
        ],
        and: RuleSelectorSpec.properties(
            own: "the namespace of the GlobalView",
            alertsGo: "Those of tenants that name none are sent there as well. Defaults to nowhere."),
        description: """
            The rules of the platform, which see the series of all tenants, and settings for those of tenants. Thanos Rule \
            evaluates them, for every kind of view.
            """
    ).with(rules: rules)
}

/// What the rules of one tenant may cost.
public struct RuleLimitsSpec: Sendable, Hashable, Codable {
    /// The most rules of one tenant.
    public var rules: Int?
    /// The most alerts or series that one rule may produce.
    public var resultsPerRule: Int?
    /// The shortest interval of a group.
    public var shortestInterval: String?

    static let schema = Schema.object(
        [
            "rules": .count("The most rules of one tenant. Groups beyond are left out. Defaults to 1000.", to: 100_000),
            "resultsPerRule": .count(
                """
                The most alerts or series that one rule may produce; a rule that exceeds it fails. Groups may set less. \
                Defaults to 10000.
                """, from: 1),
            "shortestInterval": .duration(
                "The shortest interval of a group; groups with less are evaluated that often. Defaults to 15s."),
        ], description: "What the rules of one tenant may cost.")
}
