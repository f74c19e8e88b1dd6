package import Kube

extension RelabelConfig {
    /// The reasons why a version of Prometheus would refuse the rule, by `relabel.Config.Validate`.
    package func problems(for version: PrometheusVersion, at path: FieldPath = FieldPath()) -> [FieldError] {
        let action = (self.action ?? "replace").lowercased()
        guard let first = Self.firstVersion(of: action) else {
            let known = Self.actions.filter { $0.since <= version }.map(\.name).joined(separator: ", ")
            return [FieldError(path.appending("action"), "\"\(action)\" should be one of \(known)")]
        }
        var problems: [FieldError] = []
        func fault(_ field: String, _ problem: String) { problems.append(FieldError(path.appending(field), problem)) }
        if version < first { fault("action", "\"\(action)\" \(version.needs(first))") }
        if let regex, let problem = RegularExpression.problem(regex) { fault("regex", "\"\(regex)\": \(problem)") }
        problems += labelProblems(action, version, at: path)
        if action == "hashmod", modulus ?? 0 == 0 {
            fault("modulus", "is required by action hashmod and should not be 0")
        }
        for field in Self.disallowed(by: action) where isSet(field) {
            fault(field, "is not allowed with action \(action)")
        }
        return problems
    }

    private func labelProblems(
        _ action: String, _ version: PrometheusVersion, at path: FieldPath
    ) -> [FieldError] {
        var problems: [FieldError] = []
        func fault(_ field: String, _ problem: String) { problems.append(FieldError(path.appending(field), problem)) }
        let isTargeted = ["replace", "hashmod", "lowercase", "uppercase", "keepequal", "dropequal"].contains(action)
        if isTargeted, (targetLabel ?? "").isEmpty {
            fault("target_label", "is required by action \(action)")
        } else if let targetLabel, !targetLabel.isEmpty, !version.allowsAnyLabelName {
            let isValid = action == "replace" ? LabelName.isValidTemplate(targetLabel) : LabelName.isValid(targetLabel)
            if !isValid { fault("target_label", LabelName.problem(targetLabel)) }
        }
        for label in sourceLabels where version.allowsAnyLabelName ? label.isEmpty : !LabelName.isValid(label) {
            fault("source_labels", LabelName.problem(label))
        }
        if version.allowsAnyLabelName {
            if action == "labelmap", replacement == "" {
                fault("replacement", "should not be empty with action labelmap, which makes label names of it")
            }
        } else {
            if action == "labelmap", let replacement, !LabelName.isValidTemplate(replacement) {
                fault("replacement", LabelName.problem(replacement))
            }
        }
        return problems
    }

    /// The actions, and the first version of Prometheus that knows each.
    private static let actions: [(name: String, since: PrometheusVersion)] = [
        ("replace", .init(2, 0)), ("keep", .init(2, 0)), ("drop", .init(2, 0)), ("hashmod", .init(2, 0)),
        ("labelmap", .init(2, 0)), ("labeldrop", .init(2, 0)), ("labelkeep", .init(2, 0)),
        ("lowercase", .init(2, 36)), ("uppercase", .init(2, 36)), ("keepequal", .init(2, 41)),
        ("dropequal", .init(2, 41)),
    ]

    /// The first version of Prometheus that knows an action; nil for an unknown action.
    private static func firstVersion(of action: String) -> PrometheusVersion? {
        actions.first { $0.name == action }?.since
    }

    /// The fields that Prometheus refuses with an action.
    private static func disallowed(by action: String) -> [String] {
        switch action {
        case "keepequal", "dropequal": ["regex", "modulus", "separator", "replacement"]
        case "lowercase", "uppercase": ["replacement"]
        case "labeldrop", "labelkeep": ["source_labels", "target_label", "modulus", "separator", "replacement"]
        default: []
        }
    }

    /// Whether a field has another value than its default. Prometheus does not recognize the default expression.
    private func isSet(_ field: String) -> Bool {
        let defaults: [String: JSON] = ["separator": ";", "replacement": "$1", "modulus": 0]
        return json[field].map { $0 != defaults[field] } ?? false
    }
}
