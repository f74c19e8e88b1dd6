import Kube

/// The label selector of a monitor for services, pods or ingresses.
struct TargetLabelSelector {
    private var requirements: [(requirement: LabelSelector.Requirement, isExact: Bool)] = []

    /// Reads a `LabelSelector`; throws ``FieldError`` for one that the API server would refuse.
    init(_ selector: Fields) throws(FieldError) {
        for (key, value) in try selector.stringMap("matchLabels") ?? [] {
            let path = selector.at("matchLabels").appending(key)
            try Self.check(key: key, at: path)
            try Self.check(value: value, at: path)
            requirements.append((.init(key: key, operator: .in, values: [value]), true))
        }
        for fields in try selector.objects("matchExpressions") {
            let key = try fields.requiredText("key")
            try Self.check(key: key, at: fields.at("key"))
            let name = try fields.word("operator", among: ["In", "NotIn", "Exists", "DoesNotExist"]) ?? ""
            guard let `operator` = LabelSelector.Requirement.Operator(rawValue: name) else {
                throw FieldError(fields.at("operator"), "is required")
            }
            let values = try fields.strings("values") ?? []
            for (index, value) in values.enumerated() {
                try Self.check(value: value, at: fields.at("values").appending(index))
            }
            let takesValues = `operator` == .in || `operator` == .notIn
            if takesValues != !values.isEmpty {
                throw FieldError(
                    fields.at("values"), takesValues ? "is required by \(name)" : "is not allowed with \(name)")
            }
            requirements.append((.init(key: key, operator: `operator`, values: values), false))
        }
    }

    /// The relabelling rules that keep the selected targets; special characters in values match themselves.
    ///
    /// `kind` is the kind in the labels of Prometheus: `service`, `pod` or `ingress`.
    func rules(_ kind: String) -> [JSON] {
        requirements.map { requirement, _ in
            let key = LabelName.sanitized(requirement.key)
            let present = "__meta_kubernetes_\(kind)_labelpresent_\(key)"
            let both = ["__meta_kubernetes_\(kind)_label_\(key)", present]
            let values = (requirement.values ?? []).map(RegularExpression.escaped).joined(separator: "|")
            return switch requirement.operator {
            case .in: Relabelings.filter("keep", both, "(\(values));true")
            case .notIn: Relabelings.filter("drop", both, "(\(values));true")
            case .exists: Relabelings.filter("keep", [present], "true")
            case .doesNotExist: Relabelings.filter("drop", [present], "true")
            }
        }
    }

    /// The selector in the syntax of queries to the API server, in the order of apimachinery.
    var query: String {
        let sorted = requirements.enumerated().sorted { left, right in
            let (a, b) = (left.element.requirement.key, right.element.requirement.key)
            return a == b ? left.offset < right.offset : a.utf8.lexicographicallyPrecedes(b.utf8)
        }
        return sorted.map { _, element in
            let (key, values) = (element.requirement.key, (element.requirement.values ?? []).sorted())
            return switch element.requirement.operator {
            case .in where element.isExact: "\(key)=\(values.joined())"
            case .in: "\(key) in (\(values.joined(separator: ",")))"
            case .notIn: "\(key) notin (\(values.joined(separator: ",")))"
            case .exists: key
            case .doesNotExist: "!\(key)"
            }
        }.joined(separator: ",")
    }

    private static func check(key: String, at path: FieldPath) throws(FieldError) {
        guard KubernetesLabel.isKey(key) else {
            throw FieldError(
                path,
                "\"\(key.prefix(100))\" is not a valid label key; expected for example app.kubernetes.io/name")
        }
    }

    private static func check(value: String, at path: FieldPath) throws(FieldError) {
        guard KubernetesLabel.isValue(value[...]) else {
            throw FieldError(
                path,
                "\"\(value.prefix(100))\" is not a valid label value; expected at most 63 letters, digits, -, _ and ."
                    + ", with a letter or digit at both ends")
        }
    }
}
