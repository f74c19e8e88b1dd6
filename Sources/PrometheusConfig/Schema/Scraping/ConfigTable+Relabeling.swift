import Kube

extension ConfigTable {
    /// A relabelling rule.
    static let relabeling = ConfigTable(
        "a relabelling rule",
        [
            .field("source_labels", .strings), .field("separator", .string), .field("regex", .string),
            .field("modulus", .unsigned), .field("target_label", .string), .field("replacement", .string),
            .field("action", .string, .notEmpty),
        ],
        rules: [
            ConfigRule { object in
                // A field of a wrong type is a problem already.
                guard let rule = try? RelabelConfig(json: .object(object.members)) else { return [] }
                return rule.problems(for: object.version)
            },
            .one { object in
                guard ["labeldrop", "labelkeep"].contains(object.text("action")?.lowercased()),
                    object.has("source_labels")
                else { return nil }
                return FieldError(
                    FieldPath("source_labels"), "is not allowed with action \(object.text("action") ?? "")")
            },
        ], otherNames: ["labels": "source_labels", "target": "target_label"])
}
