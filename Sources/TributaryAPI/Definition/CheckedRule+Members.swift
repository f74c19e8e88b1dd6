extension CheckedRule {
    /// A member of a value.
    struct Member: Sendable {
        let name: String
        /// Whether a value has the member.
        let isSet: @Sendable (Value) -> Bool

        init(_ name: String, isSet: @escaping @Sendable (Value) -> Bool) {
            self.name = name
            self.isSet = isSet
        }
    }

    /// Exactly one of some members is set.
    static func exactlyOne(of members: [Member], _ why: String = "") -> CheckedRule {
        choice(members, "== 1", "should have exactly one of \(list(members))\(why)") { $0 == 1 }
    }

    /// At most one of some members is set.
    static func atMostOne(of members: [Member]) -> CheckedRule {
        choice(members, "<= 1", "should have at most one of \(list(members))") { $0 <= 1 }
    }

    private static func list(_ members: [Member]) -> String {
        let names = members.map { "\"\($0.name)\"" }
        return "\(names.dropLast().joined(separator: ", ")) and \(names.last ?? "")"
    }

    private static func found(_ names: [String]) -> String {
        "found \(names.isEmpty ? "none" : names.joined(separator: " and ")),"
    }

    /// A CEL expression for the same text. The API server refuses the cost of joining strings, so this spells out every
    /// combination of members.
    private static func found(_ members: ArraySlice<Member>, _ set: [String]) -> String {
        guard let first = members.first else { return "'\(found(set))'" }
        let rest = members.dropFirst()
        return "(has(self.\(first.name)) ? \(found(rest, set + [first.name])) : \(found(rest, set)))"
    }

    private static func choice(
        _ members: [Member], _ comparison: String, _ message: String, fits: @escaping @Sendable (Int) -> Bool
    ) -> CheckedRule {
        let flags = members.map { "has(self.\($0.name))" }.joined(separator: ", ")
        return CheckedRule(
            "[\(flags)].filter(x, x).size() \(comparison)", message,
            found: Found(cel: found(members[...], [])) { value in
                found(members.filter { $0.isSet(value) }.map(\.name))
            }
        ) { value in fits(members.count { $0.isSet(value) }) }
    }
}
