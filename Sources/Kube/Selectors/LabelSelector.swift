/// Which objects are meant, by their labels: `meta/v1` LabelSelector.
///
/// An empty selector matches everything; whether an absent one matches everything or nothing is its field's to say.
public struct LabelSelector: Sendable, Hashable, Codable {
    /// One requirement: `meta/v1` LabelSelectorRequirement.
    public struct Requirement: Sendable, Hashable, Codable {
        /// How the label's value is compared.
        public enum Operator: String, Sendable, Codable {
            case `in` = "In"
            case notIn = "NotIn"
            case exists = "Exists"
            case doesNotExist = "DoesNotExist"
        }

        public var key: String
        public var `operator`: Operator
        public var values: [String]?

        /// A requirement.
        public init(key: String, operator: Operator, values: [String]? = nil) {
            self.key = key
            self.operator = `operator`
            self.values = values
        }

        /// Whether labels meet the requirement; like Kubernetes, `NotIn` also holds where the label is absent.
        public func matches(_ labels: [String: String]) -> Bool {
            switch `operator` {
            case .in: labels[key].map { (values ?? []).contains($0) } ?? false
            case .notIn: labels[key].map { !(values ?? []).contains($0) } ?? true
            case .exists: labels[key] != nil
            case .doesNotExist: labels[key] == nil
            }
        }
    }

    public var matchLabels: [String: String]?
    public var matchExpressions: [Requirement]?

    /// A selector.
    public init(matchLabels: [String: String]? = nil, matchExpressions: [Requirement]? = nil) {
        self.matchLabels = matchLabels
        self.matchExpressions = matchExpressions
    }

    /// Whether labels meet every requirement.
    public func matches(_ labels: [String: String]) -> Bool {
        (matchLabels ?? [:]).allSatisfy { labels[$0.key] == $0.value }
            && (matchExpressions ?? []).allSatisfy { $0.matches(labels) }
    }

    /// The selector as the query parameter `labelSelector` takes it; equal selectors give equal text.
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
