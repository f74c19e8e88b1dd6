public import Kube

/// Which PrometheusRules are selected: what the rules of a GlobalView and of a Tenant have in common.
public protocol RuleSelecting {
    /// The labels of the PrometheusRules; nil selects none.
    var selector: LabelSelector? { get }
    /// The namespaces of the PrometheusRules, by name.
    var namespaces: [String]? { get }
    /// The namespaces of the PrometheusRules, by labels.
    var namespaceSelector: LabelSelector? { get }
}

/// The fields that select PrometheusRules.
enum RuleSelectorSpec {
    static func properties(own: String, alertsGo: String) -> Schema.Properties {
        [
            "selector": LabelSelector.schema(
                "The PrometheusRules, by their labels. {} selects all of the namespaces. Defaults to none."),
            "namespaces": .set(
                of: .namespaceName("The name of a namespace."), max: 100,
                "The namespaces of the PrometheusRules. Excludes namespaceSelector. Defaults to \(own)."),
            "namespaceSelector": LabelSelector.schema(
                """
                The namespaces of the PrometheusRules, by their labels. {} selects all namespaces. Who can label a \
                namespace decides with it: prefer namespaces for a tenant. Excludes namespaces.
                """),
            "alertmanagers": .list(
                of: AlertmanagerSpec.schema, by: "name", max: 16, "Where alerts are sent. \(alertsGo)"),
            "alertRelabelConfigs": .list(
                of: RelabelConfigSpec.schema, max: 64,
                "Rules that rewrite, keep or drop alerts by their labels. The label of a tenant is set after them."),
        ]
    }

    static func rules<Spec: RuleSelecting & Sendable>(_ type: Spec.Type = Spec.self) -> [CheckedRule<Spec>] {
        [
            .atMostOne(of: [
                .init("namespaces") { $0.namespaces != nil },
                .init("namespaceSelector") { $0.namespaceSelector != nil },
            ])
        ]
    }

    static func check(_ spec: some RuleSelecting, at path: FieldPath, _ errors: inout [FieldError]) {
        errors.check(spec.selector, LabelSelector.rules, at: path.appending("selector"))
        errors.check(spec.namespaceSelector, LabelSelector.rules, at: path.appending("namespaceSelector"))
    }
}
