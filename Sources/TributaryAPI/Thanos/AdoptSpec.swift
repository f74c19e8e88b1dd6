public import Kube

/// Which receivers a hashring adopts.
public struct AdoptSpec: Sendable, Hashable, Codable {
    public var selector: LabelSelector
    public var namespaces: [String]?

    static let rules: [CheckedRule<AdoptSpec>] = [
        CheckedRule(
            """
            (has(self.selector.matchLabels) && self.selector.matchLabels.size() > 0) || \
            (has(self.selector.matchExpressions) && self.selector.matchExpressions.size() > 0)
            """,
            "should name at least one label: an empty selector would adopt every StatefulSet there is",
            at: "selector"
        ) { adopt in
            adopt.selector.matchLabels?.isEmpty == false || adopt.selector.matchExpressions?.isEmpty == false
        }
    ]

    static let schema = Schema.object(
        [
            "selector": LabelSelector.schema(
                """
                The labels of the StatefulSets, such as those that thanos-receive-controller goes by: \
                controller.receive.thanos.io/hashring with the hashring's name.
                """),
            "namespaces": .set(
                of: .namespaceName("A namespace."), max: 64,
                "The namespaces in which to look. Defaults to the GlobalView's own."),
        ], required: ["selector"],
        description: "Adopts the receivers of somebody else's StatefulSets, found by label. Excludes replicas."
    ).with(rules: rules)
}
