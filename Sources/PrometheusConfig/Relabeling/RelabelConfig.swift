public import Kube

/// One relabelling rule: Prometheus's `relabel_config`.
public struct RelabelConfig: Sendable, Hashable {
    /// The labels whose values are joined and matched.
    public var sourceLabels: [String]
    /// What joins them; `;` by default.
    public var separator: String?
    /// The label that is written.
    public var targetLabel: String?
    /// The expression; `(.*)` by default, always anchored.
    public var regex: String?
    /// The modulus of the hash, for `hashmod`.
    public var modulus: UInt64?
    /// What is written; `$1` by default.
    public var replacement: String?
    /// What is done; `replace` by default, in any case.
    public var action: String?

    /// A rule.
    public init(
        sourceLabels: [String] = [], separator: String? = nil, targetLabel: String? = nil, regex: String? = nil,
        modulus: UInt64? = nil, replacement: String? = nil, action: String? = nil
    ) {
        self.sourceLabels = sourceLabels
        self.separator = separator
        self.targetLabel = targetLabel
        self.regex = regex
        self.modulus = modulus
        self.replacement = replacement
        self.action = action
    }

    /// Reads a rule as it stands in Prometheus's file; throws ``FieldError``.
    public init(json: JSON, at path: FieldPath = FieldPath()) throws(FieldError) {
        guard let members = json.object else { throw FieldError(path, "should be an object, not \(json.typeName)") }
        self.init()
        for (key, value) in members where !value.isNull {
            let path = path.appending(key)
            func text() throws(FieldError) -> String {
                switch value {
                case .string(let text): return text
                // YAML's plain numbers and words are text to Prometheus.
                case .int, .double, .bool: return value.text()
                default: throw FieldError(path, "should be a string, not \(value.typeName)")
                }
            }
            switch key {
            case "source_labels":
                guard let labels = value.array else {
                    throw FieldError(path, "should be a list, not \(value.typeName)")
                }
                for label in labels {
                    guard let label = label.string else {
                        throw FieldError(path, "should be a list of strings, not of \(label.typeName)")
                    }
                    sourceLabels.append(label)
                }
            case "separator": separator = try text()
            case "target_label": targetLabel = try text()
            case "regex": regex = try text()
            case "replacement": replacement = try text()
            case "action": action = try text()
            case "modulus":
                guard let number = value.int.flatMap({ UInt64(exactly: $0) }) else {
                    throw FieldError(path, "should be a whole number, not \(value)")
                }
                modulus = number
            default: throw FieldError(path, "is not a field of a relabelling rule")
            }
        }
    }

    /// The rule as it stands in Prometheus's file.
    public var json: JSON {
        var members: JSON.Members = [:]
        if !sourceLabels.isEmpty { members["source_labels"] = JSON(sourceLabels) }
        if let separator { members["separator"] = .string(separator) }
        if let targetLabel { members["target_label"] = .string(targetLabel) }
        if let regex { members["regex"] = .string(regex) }
        if let modulus { members["modulus"] = Int64(exactly: modulus).map(JSON.int) ?? .double(Double(modulus)) }
        if let replacement { members["replacement"] = .string(replacement) }
        if let action { members["action"] = .string(action.lowercased()) }
        return .object(members)
    }

    /// What Prometheus of a version would refuse, by `relabel.Config.Validate`.
    public func problems(for version: PrometheusVersion, at path: FieldPath = FieldPath()) -> [FieldError] {
        var problems: [FieldError] = []
        func fault(_ field: String, _ problem: String) { problems.append(FieldError(path.appending(field), problem)) }
        let action = (self.action ?? "replace").lowercased()
        let since: PrometheusVersion? =
            switch action {
            case "replace", "keep", "drop", "hashmod", "labelmap", "labeldrop", "labelkeep": .init(2, 0)
            case "lowercase", "uppercase": .init(2, 36)
            case "keepequal", "dropequal": .init(2, 41)
            default: nil
            }
        guard let since else {
            fault("action", "\"\(self.action ?? "")\" is unknown")
            return problems
        }
        if version < since { fault("action", "\"\(action)\" needs Prometheus \(since), this is \(version)") }
        if let regex, let problem = RegularExpression.problem(regex) { fault("regex", "\"\(regex)\": \(problem)") }

        if ["replace", "hashmod", "lowercase", "uppercase", "keepequal", "dropequal"].contains(action),
            (targetLabel ?? "").isEmpty
        {
            fault("target_label", "is required by action \(action)")
        } else if let targetLabel, !targetLabel.isEmpty {
            // From version 3 on, any UTF-8 names a label.
            let isValid = action == "replace" ? LabelName.isValidTemplate(targetLabel) : LabelName.isValid(targetLabel)
            if !isValid && version < PrometheusVersion(3, 0) {
                fault("target_label", "\"\(targetLabel)\" is no label name")
            }
        }
        if version < PrometheusVersion(3, 0) {
            for label in sourceLabels where !LabelName.isValid(label) {
                fault("source_labels", "\"\(label)\" is no label name")
            }
            if action == "labelmap", let replacement, !LabelName.isValidTemplate(replacement) {
                fault("replacement", "\"\(replacement)\" is no label name")
            }
        } else if action == "labelmap", replacement == "" {
            fault("replacement", "is empty, where action labelmap makes a label's name of it")
        }
        if action == "hashmod", modulus ?? 0 == 0 { fault("modulus", "is required by action hashmod, and is not 0") }
        switch action {
        case "keepequal", "dropequal": refuse(["regex", "modulus", "separator", "replacement"])
        case "lowercase", "uppercase": refuse(["replacement"])
        case "labeldrop", "labelkeep": refuse(["source_labels", "target_label", "modulus", "separator", "replacement"])
        default: break
        }
        func refuse(_ fields: [String]) {
            // What says the default says nothing; but Prometheus does not see that of an expression.
            let defaults: [String: JSON] = ["separator": ";", "replacement": "$1", "modulus": 0]
            for field in fields where json[field].map({ $0 != defaults[field] }) ?? false {
                fault(field, "is not allowed with action \(action)")
            }
        }
        return problems
    }
}
