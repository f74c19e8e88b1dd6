public import Kube

/// A group of a PrometheusRule as Prometheus's rule files have it, checked.
public struct RuleGroup: Sendable, Hashable {
    /// The name.
    public var name: String
    /// How often the group is evaluated; nil for the default.
    public var interval: PrometheusDuration?
    /// The most alerts or series that a rule may produce; nil for no limit.
    public var limit: Int?
    /// How far evaluation lies in the past.
    public var queryOffset: PrometheusDuration?
    /// What becomes of results when a part of the series cannot be read: a field of Thanos.
    public var partialResponseStrategy: String?
    /// The rules, as a rule file has them.
    public var rules: [JSON]

    /// The group in a rule file for a version of Prometheus.
    public func json(for version: PrometheusVersion) -> JSON {
        let json: JSON = [
            "name": JSON(name),
            "interval": interval.map { JSON($0.description) } ?? .null,
            "limit": limit.map { JSON($0) } ?? .null,
            "query_offset": version >= Self.firstQueryOffset
                ? queryOffset.map { JSON($0.description) } ?? .null : .null,
            "partial_response_strategy": partialResponseStrategy.map { JSON($0) } ?? .null,
            "rules": .array(rules),
        ]
        return json.droppingNulls
    }

    /// The first version whose groups have `query_offset`.
    public static let firstQueryOffset = PrometheusVersion(2, 53)
}

extension RuleGroup {
    /// A group of a PrometheusRule, or why Prometheus would refuse it.
    public struct Reading: Sendable {
        /// The name, if it has one.
        public var name: String?
        /// The index in the PrometheusRule.
        public var index: Int
        /// The group, or the first reason to refuse it.
        public var result: Result<RuleGroup, FieldError>
    }

    /// Reads the groups of a PrometheusRule for a version of Prometheus. Each is checked alone.
    ///
    /// Throws ``FieldError`` if the object has no list of groups.
    public static func read(_ object: Object, for version: PrometheusVersion) throws(FieldError) -> [Reading] {
        let spec = try Fields(object.json["spec"] ?? [:], at: FieldPath("spec"))
        guard let value = spec.json("groups") else { return [] }
        guard let elements = value.array else {
            throw FieldError(spec.at("groups"), "should be a list, not \(value.typeName)")
        }
        var names: Set<String> = []
        return elements.enumerated().map { index, element in
            let path = spec.at("groups").appending(index)
            var reading = Reading(name: element["name"]?.string, index: index, result: .failure(FieldError(path, "")))
            do throws(FieldError) {
                let group = try RuleGroupReader(version: version).group(try Fields(element, at: path))
                guard names.insert(group.name).inserted else {
                    throw FieldError(
                        path.appending("name"), "\"\(group.name)\" is repeated: each group needs a name of its own")
                }
                reading.result = .success(group)
            } catch {
                reading.result = .failure(error)
            }
            return reading
        }
    }
}
