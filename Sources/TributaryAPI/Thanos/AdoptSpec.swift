public import Kube

/// The receivers that a hashring adopts.
public struct AdoptSpec: Sendable, Hashable, Codable {
    /// Selects the StatefulSets by their labels.
    public var selector: LabelSelector
    /// The namespaces in which to look for StatefulSets.
    public var namespaces: [String]?

    static let rules: [CheckedRule<AdoptSpec>] = [
        CheckedRule(
            """
            (has(self.selector.matchLabels) && self.selector.matchLabels.size() > 0) || \
            (has(self.selector.matchExpressions) && self.selector.matchExpressions.size() > 0)
            """,
            "should select by at least one label: an empty selector would adopt every StatefulSet",
            at: "selector"
        ) { adopt in
            adopt.selector.matchLabels?.isEmpty == false || adopt.selector.matchExpressions?.isEmpty == false
        }
    ]

    static let schema = Schema.object(
        [
            "selector": LabelSelector.schema(
                """
                Selects the StatefulSets by their labels, for example by controller.receive.thanos.io/hashring, \
                which thanos-receive-controller uses.
                """),
            "namespaces": .set(
                of: .namespaceName("A namespace."), max: 64,
                "The namespaces in which to look for StatefulSets. Defaults to the namespace of the GlobalView."),
        ], required: ["selector"],
        description: "Adopts receivers of StatefulSets that others manage. Excludes replicas and externalScaling."
    ).with(rules: rules)
}
