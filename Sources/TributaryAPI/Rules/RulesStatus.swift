import Kube

/// What became of the selected rules.
public struct RulesStatus: Sendable, Hashable, Codable {
    /// The number of groups that are evaluated.
    public var groups: Int?
    /// The number of rules in these groups.
    public var rules: Int?
    /// The number of groups that are left out.
    public var rejectedGroups: Int?

    static let schema = Schema.object(
        [
            "groups": .count("The number of groups that are evaluated."),
            "rules": .count("The number of rules in these groups."),
            "rejectedGroups": .count(
                "The number of groups that are left out; Events on their PrometheusRules say why."),
        ], description: "What became of the selected rules.")
}
