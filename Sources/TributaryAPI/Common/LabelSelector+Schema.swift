import Kube

extension LabelSelector {
    /// The rules of the API server for label selectors, which CustomResourceDefinitions do not have by themselves.
    static let rules: [CheckedRule<LabelSelector>] = [
        CheckedRule(
            """
            !has(self.matchExpressions) || self.matchExpressions.all(e, \
            (e.operator in ['In', 'NotIn']) == (has(e.values) && e.values.size() > 0))
            """,
            valuesProblem, at: "matchExpressions"
        ) { selector in
            (selector.matchExpressions ?? []).allSatisfy { requirement in
                switch requirement.operator {
                case .in, .notIn: requirement.values?.isEmpty == false
                case .exists, .doesNotExist: requirement.values?.isEmpty ?? true
                }
            }
        }
    ]

    /// The schema of a label selector: `meta/v1` LabelSelector.
    static func schema(_ description: String) -> Schema {
        let value = Schema.string().with {
            $0.maxLength = 63
            $0.pattern = LabelSyntax.valuePattern
        }
        let requirement = Schema.object(
            [
                "key": .text(
                    "The label key that the requirement applies to.", max: 317,
                    pattern: LabelSyntax.keyPattern),
                "operator": .choice("How the label relates to the values.", ["In", "NotIn", "Exists", "DoesNotExist"]),
                "values": .set(
                    of: value, max: 100, "The values for In and NotIn. Must be empty for Exists and DoesNotExist."),
            ], required: ["key", "operator"])
        return .object(
            [
                "matchLabels": .map(of: value, description: "Labels and the values that they must have.").with {
                    $0.maxProperties = 64
                },
                "matchExpressions": .list(of: requirement, max: 32, "Requirements, all of which must be met."),
            ], description: description
        ).with { $0.mapType = .atomic }.with(rules: rules)
    }
}
