import Kube
import PlanningInput

/// Which requirements of a selector some labels do not meet, in words.
extension LabelSelector {
    /// One text for each requirement that is not met: what is needed and what was found.
    func misses(_ labels: [String: String]) -> [String] {
        let equalities = (matchLabels ?? [:]).sorted { $0.key < $1.key }.filter { labels[$0.key] != $0.value }
            .map { "needs \($0.key)=\($0.value), \(Self.found($0.key, $0.value, in: labels))" }
        let expressions = (matchExpressions ?? []).filter { !$0.matches(labels) }.map { requirement in
            let values = (requirement.values ?? []).joined(separator: ", ")
            let found = Self.found(requirement.key, nil, in: labels)
            return switch requirement.operator {
            case .in: "needs \(requirement.key) to be one of \(values), \(found)"
            case .notIn: "needs \(requirement.key) to be none of \(values), \(found)"
            case .exists: "needs a label \(requirement.key), \(found)"
            case .doesNotExist: "needs that there is no label \(requirement.key), \(found)"
            }
        }
        return equalities + expressions
    }

    private static func found(_ key: String, _ value: String?, in labels: [String: String]) -> String {
        if let other = labels[key] { return "found \(key)=\(other)" }
        if labels.isEmpty { return "found no labels" }
        if let value, let other = labels.filter({ $0.value == value }).keys.min() { return "found \(other)=\(value)" }
        if let near = Nearest.name(to: key, among: labels.keys) { return "found \(near)=\(labels[near] ?? "")" }
        return "found \(labels.map { "\($0.key)=\($0.value)" }.sorted().listed(most: 5))"
    }

    /// The selector as in a manifest, on one line.
    var text: String { isEmpty ? "{}" : "{\(queryValue)}" }
}

extension Collection<[String]> {
    /// The place of the shortest list, for the nearest miss; nil if there is none.
    var shortest: Index? { indices.min { self[$0].count < self[$1].count } }
}
