import Kube

/// Which services, pods or ingresses a monitor means, by their labels.
struct SelectorRules {
    private var requirements: [(requirement: LabelSelector.Requirement, isExact: Bool)] = []

    /// Reads a `LabelSelector`; throws ``FieldError`` for one that the API server would not understand.
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
                    fields.at("values"), takesValues ? "is required by \(name)" : "is not taken by \(name)")
            }
            requirements.append((.init(key: key, operator: `operator`, values: values), false))
        }
    }

    /// The relabelling rules that keep what is meant; values are escaped, so that a `.` in one is a point.
    ///
    /// `kind` is how Prometheus's labels name the objects: `service`, `pod` or `ingress`.
    func rules(_ kind: String) -> [JSON] {
        requirements.map { requirement, _ in
            let key = Relabelings.sanitized(requirement.key)
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

    /// The selector as the API server takes it in a query, in apimachinery's order.
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
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        let name = parts.last ?? ""
        let hasPrefix = parts.count == 2
        guard parts.count <= 2, isWord(name), !name.isEmpty, !hasPrefix || isDomain(parts[0]) else {
            throw FieldError(path, "\"\(key.prefix(100))\" is no label's name, such as app.kubernetes.io/name")
        }
    }

    private static func check(value: String, at path: FieldPath) throws(FieldError) {
        guard isWord(value[...]) else {
            throw FieldError(
                path, "\"\(value.prefix(100))\" is no label's value: at most 63 letters, digits, -, _ and . within")
        }
    }

    private static func isWord(_ text: Substring) -> Bool {
        guard text.utf8.count <= 63, let first = text.utf8.first, let last = text.utf8.last else { return text.isEmpty }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E }
    }

    private static func isDomain(_ text: Substring) -> Bool {
        text.utf8.count <= 253
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                guard let first = label.utf8.first, let last = label.utf8.last else { return false }
                return isAlphanumeric(first) && isAlphanumeric(last) && label == label.lowercased()
                    && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D }
            }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }
}

extension RegularExpression {
    /// An expression that matches a text and nothing else.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            if "\\.+*?()|[]{}^$".unicodeScalars.contains(character) { escaped += "\\" }
            escaped.unicodeScalars.append(character)
        }
        return escaped
    }
}
