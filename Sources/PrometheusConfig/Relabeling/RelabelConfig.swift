import Kube

/// A relabelling rule, `relabel_config` in Prometheus.
public struct RelabelConfig: Sendable, Hashable {
    /// The labels whose values are joined and matched against the expression.
    public var sourceLabels: [String]
    /// The separator of the joined values; `;` by default.
    public var separator: String?
    /// The label to write.
    public var targetLabel: String?
    /// The expression, which is always anchored; `(.*)` by default.
    public var regex: String?
    /// The modulus of the hash, for the action `hashmod`.
    public var modulus: UInt64?
    /// The value to write; `$1` by default.
    public var replacement: String?
    /// The action, in upper or lower case; `replace` by default.
    public var action: String?

    /// Creates a rule; a field that is nil has its default.
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

    /// Reads a rule of a configuration file; throws ``FieldError`` for a field that is unknown or of another type.
    init(json: JSON, at path: FieldPath = FieldPath()) throws(FieldError) {
        guard let members = json.object else { throw FieldError(path, "should be an object, not \(json.typeName)") }
        self.init()
        for (key, value) in members where !value.isNull {
            let path = path.appending(key)
            func text() throws(FieldError) -> String {
                guard let text = value.plainText else {
                    throw FieldError(path, "should be a string, not \(value.typeName)")
                }
                return text
            }
            switch key {
            case "source_labels":
                guard let labels = value.array else {
                    throw FieldError(path, "should be a list, not \(value.typeName)")
                }
                for label in labels {
                    guard let label = label.isNull ? "" : label.plainText else {
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
                guard let number = value.double.flatMap({ UInt64(exactly: $0.rounded(.towardZero)) }) else {
                    throw FieldError(path, "should be a whole number, not \(value)")
                }
                modulus = number
            default: throw FieldError(path, "is not a field of a relabelling rule")
            }
        }
    }

    /// The rule as the configuration file has it.
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
}
