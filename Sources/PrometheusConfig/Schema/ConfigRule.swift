import Kube

/// A rule about several fields of an object.
struct ConfigRule: Sendable {
    /// The problems of an object; their paths begin in it.
    let problems: @Sendable (ConfigObject) -> [FieldError]

    init(_ problems: @escaping @Sendable (ConfigObject) -> [FieldError]) { self.problems = problems }

    /// A rule with at most one problem.
    static func one(_ problem: @escaping @Sendable (ConfigObject) -> FieldError?) -> ConfigRule {
        ConfigRule { object in problem(object).map { [$0] } ?? [] }
    }

    /// At most one of some fields can be set.
    static func atMostOne(_ names: String..., since: PrometheusVersion? = nil) -> ConfigRule {
        one { object in
            if let since, object.version < since { return nil }
            let given = names.filter(object.isGiven)
            guard given.count > 1 else { return nil }
            return FieldError(FieldPath(given[1]), "at most one of \(given.joined(separator: " and ")) can be set")
        }
    }

    /// A field needs one of some others.
    static func needs(_ name: String, _ others: String...) -> ConfigRule {
        one { object in
            guard object.isGiven(name), !others.contains(where: object.isGiven) else { return nil }
            return FieldError(FieldPath(name), "needs \(others.joined(separator: " or "))")
        }
    }

    /// One of some fields has to be there.
    static func anyOf(_ names: String...) -> ConfigRule {
        one { object in
            guard !names.contains(where: object.isGiven), let first = names.first else { return nil }
            let others = names.dropFirst().joined(separator: " or ")
            return FieldError(FieldPath(first), others.isEmpty ? "is required" : "is required, or \(others)")
        }
    }

    /// Rules about an object in the object, where there is one.
    static func inside(_ name: String, _ rules: [ConfigRule]) -> ConfigRule {
        ConfigRule { object in
            guard object.members[name]?.object != nil else { return [] }
            let inner = object.object(name)
            return rules.flatMap { $0.problems(inner) }.map {
                FieldError(FieldPath([.key(name)] + $0.path.steps), $0.problem)
            }
        }
    }
}

/// An object in a configuration file, for rules.
struct ConfigObject {
    /// The members.
    let members: JSON.Members
    /// The version that reads the file.
    let version: PrometheusVersion

    /// Whether a member is there, even if it is empty.
    func has(_ name: String) -> Bool { members[name].map { !$0.isNull } ?? false }

    /// Whether a member is there and not an empty string.
    func isGiven(_ name: String) -> Bool { has(name) && members[name] != "" }

    /// A plain value as text; nil for a list, an object, or none.
    func text(_ name: String) -> String? { members[name]?.plainText }

    /// Whether a member is true.
    func isTrue(_ name: String) -> Bool { members[name]?.bool == true }

    /// An object in this one; without members if there is none.
    func object(_ name: String) -> ConfigObject {
        ConfigObject(members: members[name]?.object ?? [:], version: version)
    }
}
