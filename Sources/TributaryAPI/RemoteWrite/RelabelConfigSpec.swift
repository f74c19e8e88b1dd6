import Kube

/// A relabeling rule, which rewrites, keeps or drops series by their labels: `relabel_config` of Prometheus.
public struct RelabelConfigSpec: Sendable, Hashable, Codable {
    /// The labels whose values are joined with the separator and matched against the regular expression.
    public var sourceLabels: [String]?
    /// The separator between the joined values.
    public var separator: String?
    /// The regular expression, in RE2 syntax.
    public var regex: String?
    /// The modulus of the hash, for the action hashmod.
    public var modulus: Int64?
    /// The label to which the result is written.
    public var targetLabel: String?
    /// The result. $1 is the first capture group of regex.
    public var replacement: String?
    /// The action to perform.
    public var action: String?

    /// The action in lower case, as in the configuration of Prometheus. Defaults to `replace`.
    public var effectiveAction: String { (action ?? "replace").lowercased() }

    /// The actions. As in prometheus-operator, they may be capitalized.
    static let actions = [
        "replace", "Replace", "keep", "Keep", "drop", "Drop", "hashmod", "HashMod", "labelmap", "LabelMap",
        "labeldrop", "LabelDrop", "labelkeep", "LabelKeep", "lowercase", "Lowercase", "uppercase", "Uppercase",
        "keepequal", "KeepEqual", "dropequal", "DropEqual",
    ]

    private static let targeted = ["replace", "hashmod", "lowercase", "uppercase", "keepequal", "dropequal"]

    private static let celAction = "(has(self.action) ? self.action.lowerAscii() : 'replace')"

    static let rules: [CheckedRule<RelabelConfigSpec>] = [
        CheckedRule(
            "has(self.targetLabel) || !(\(celAction) in [\(targeted.map { "'\($0)'" }.joined(separator: ", "))])",
            "requires targetLabel",
            found: .init(cel: "'the action ' + \(celAction)") { "the action \($0.effectiveAction)" }
        ) { $0.targetLabel != nil || !targeted.contains($0.effectiveAction) },
        CheckedRule(
            "!has(self.action) || self.action.lowerAscii() != 'hashmod' || (has(self.modulus) && self.modulus > 0)",
            "the action hashmod requires a modulus of at least 1"
        ) { $0.effectiveAction != "hashmod" || ($0.modulus ?? 0) > 0 },
    ]

    static let schema = Schema.object(
        [
            "sourceLabels": .list(
                of: .text("The name of a label.", max: 128), max: 64,
                "The labels whose values are joined with the separator and matched against the regular expression."),
            "separator": .string("The separator between the joined values. Defaults to a semicolon.").with {
                $0.maxLength = 64
            },
            "regex": .string("The regular expression, in RE2 syntax. It must match the whole value. Defaults to (.*).")
                .with {
                    $0.maxLength = 4096
                },
            "modulus": .largeCount("The modulus of the hash, for the action hashmod."),
            "targetLabel": .text("The label to which the result is written.", max: 128),
            "replacement": .string("The result. $1 is the first capture group of regex. Defaults to $1.").with {
                $0.maxLength = 4096
            },
            "action": .choice("The action to perform. Defaults to replace.", actions),
        ], description: "A relabeling rule, which rewrites, keeps or drops series by their labels."
    ).with(rules: rules)
}

extension RelabelConfigSpec {
    /// Creates a rule; what is omitted has the default of Prometheus.
    public init(
        sourceLabels: [String]? = nil, regex: String? = nil, targetLabel: String? = nil, replacement: String? = nil,
        action: String? = nil
    ) {
        self.sourceLabels = sourceLabels
        self.regex = regex
        self.targetLabel = targetLabel
        self.replacement = replacement
        self.action = action
    }
}
