import Kube

/// A step that rewrites, keeps or drops series by their labels: Prometheus's `relabel_config`.
public struct RelabelConfigSpec: Sendable, Hashable, Codable {
    public var sourceLabels: [String]?
    public var separator: String?
    public var regex: String?
    public var modulus: Int64?
    public var targetLabel: String?
    public var replacement: String?
    public var action: String?

    /// The action as Prometheus writes it: lower case, `replace` where there is none.
    public var effectiveAction: String { (action ?? "replace").lowercased() }

    /// The actions; prometheus-operator takes them with capitals as well.
    static let actions = [
        "replace", "Replace", "keep", "Keep", "drop", "Drop", "hashmod", "HashMod", "labelmap", "LabelMap",
        "labeldrop", "LabelDrop", "labelkeep", "LabelKeep", "lowercase", "Lowercase", "uppercase", "Uppercase",
        "keepequal", "KeepEqual", "dropequal", "DropEqual",
    ]

    private static let targeted = ["replace", "hashmod", "lowercase", "uppercase", "keepequal", "dropequal"]

    private static let celAction = "(has(self.action) ? self.action.lowerAscii() : 'replace')"

    static let rules: [CheckedRule<RelabelConfigSpec>] = [
        CheckedRule(
            """
            has(self.targetLabel) || !(\(celAction) in \
            [\(targeted.map { "'\($0)'" }.joined(separator: ", "))])
            """,
            "needs a targetLabel",
            found: .init(cel: "'the action ' + \(celAction)") { "the action \($0.effectiveAction)" }
        ) { $0.targetLabel != nil || !targeted.contains($0.effectiveAction) },
        CheckedRule(
            "!has(self.action) || self.action.lowerAscii() != 'hashmod' || (has(self.modulus) && self.modulus > 0)",
            "the action hashmod needs a modulus above 0"
        ) { $0.effectiveAction != "hashmod" || ($0.modulus ?? 0) > 0 },
    ]

    static let schema = Schema.object(
        [
            "sourceLabels": .list(
                of: .text("A label's name.", max: 128), max: 64,
                "The labels whose values are joined by separator and matched."),
            "separator": .string("What stands between the joined values. Defaults to a semicolon.").with {
                $0.maxLength = 64
            },
            "regex": .string("The regular expression (RE2, matching the whole value). Defaults to (.*).").with {
                $0.maxLength = 4096
            },
            "modulus": .largeCount("By what the hash is divided, for the action hashmod."),
            "targetLabel": .text("The label that the result is written to.", max: 128),
            "replacement": .string("The result; $1 is the first group of regex. Defaults to $1.").with {
                $0.maxLength = 4096
            },
            "action": .choice("What is done. Defaults to replace.", actions),
        ], description: "A step that rewrites, keeps or drops series by their labels."
    ).with(rules: rules)
}

extension RelabelConfigSpec {
    /// A rule of which all is said that Prometheus does not assume.
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
