/// A selection of objects by their labels: `meta/v1` LabelSelector.
///
/// An empty selector matches all objects. The meaning of an absent selector depends on the field.
public struct LabelSelector: Sendable, Hashable, Codable {
    /// A requirement on one label: `meta/v1` LabelSelectorRequirement.
    public struct Requirement: Sendable, Hashable, Codable {
        /// How a label is compared.
        public enum Operator: String, Sendable, Codable {
            /// The label has one of the values.
            case `in` = "In"
            /// The label is absent or has none of the values.
            case notIn = "NotIn"
            /// The label is present.
            case exists = "Exists"
            /// The label is absent.
            case doesNotExist = "DoesNotExist"

            public init(from decoder: any Decoder) throws {
                let name = try decoder.singleValueContainer().decode(String.self)
                guard let known = Self(rawValue: name) else {
                    throw FieldError(
                        FieldPath(decoder.codingPath),
                        "\(JSON(name)) should be In, NotIn, Exists or DoesNotExist")
                }
                self = known
            }
        }

        /// The name of the label.
        public var key: String
        /// How the label is compared.
        public var `operator`: Operator
        /// The values; required for `In` and `NotIn`, and absent or empty for `Exists` and `DoesNotExist`.
        public var values: [String]?

        /// Creates a requirement.
        public init(key: String, operator: Operator, values: [String]? = nil) {
            self.key = key
            self.operator = `operator`
            self.values = values
        }

        /// Decodes a requirement; throws ``FieldError`` for one that the API server refuses: an unknown operator, `In`
        /// or `NotIn` without values, `Exists` or `DoesNotExist` with values.
        ///
        /// The rules are those of `k8s.io/apimachinery/pkg/apis/meta/v1/validation`.
        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            key = try container.decode(String.self, forKey: .key)
            `operator` = try container.decode(Operator.self, forKey: .operator)
            values = try container.decodeIfPresent([String].self, forKey: .values)
            let path = FieldPath(decoder.codingPath + [CodingKeys.values])
            let hasValues = values?.isEmpty == false
            let needsValues = `operator` == .in || `operator` == .notIn
            guard hasValues == needsValues else { throw FieldError(path, LabelSelector.valuesProblem) }
        }

        /// Whether labels meet the requirement.
        public func matches(_ labels: [String: String]) -> Bool {
            switch `operator` {
            case .in: labels[key].map { (values ?? []).contains($0) } ?? false
            case .notIn: labels[key].map { !(values ?? []).contains($0) } ?? true
            case .exists: labels[key] != nil
            case .doesNotExist: labels[key] == nil
            }
        }
    }

    /// The problem of a requirement whose values do not fit its operator.
    public static let valuesProblem =
        "should have values with the operators In and NotIn, and none with Exists and DoesNotExist"

    /// The labels that objects must have, with their values.
    public var matchLabels: [String: String]?
    /// Further requirements on labels.
    public var matchExpressions: [Requirement]?

    /// Creates a selector.
    public init(matchLabels: [String: String]? = nil, matchExpressions: [Requirement]? = nil) {
        self.matchLabels = matchLabels
        self.matchExpressions = matchExpressions
    }

    /// Whether labels meet every requirement.
    public func matches(_ labels: [String: String]) -> Bool {
        (matchLabels ?? [:]).allSatisfy { labels[$0.key] == $0.value }
            && (matchExpressions ?? []).allSatisfy { $0.matches(labels) }
    }

    /// The selector in the syntax of the query parameter `labelSelector`; equal selectors give equal text.
    public var queryValue: String {
        let equalities = (matchLabels ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let expressions = (matchExpressions ?? []).map { requirement in
            let values = (requirement.values ?? []).joined(separator: ",")
            return switch requirement.operator {
            case .in: "\(requirement.key) in (\(values))"
            case .notIn: "\(requirement.key) notin (\(values))"
            case .exists: requirement.key
            case .doesNotExist: "!\(requirement.key)"
            }
        }
        return (equalities + expressions).joined(separator: ",")
    }
}
