import Kube

// MARK: - Rules about which members are there

extension CheckedRule {
    /// A member and whether a value has it.
    struct Member: Sendable {
        let name: String
        let isSet: @Sendable (Value) -> Bool

        init(_ name: String, isSet: @escaping @Sendable (Value) -> Bool) {
            self.name = name
            self.isSet = isSet
        }
    }

    /// Exactly one of some members is there.
    static func exactlyOne(of members: [Member], _ why: String = "") -> CheckedRule {
        choice(members, "== 1", "set where exactly one of \(list(members)) should be\(why)") { $0 == 1 }
    }

    /// At most one of some members is there.
    static func atMostOne(of members: [Member]) -> CheckedRule {
        choice(members, "<= 1", "set where at most one of \(list(members)) should be") { $0 <= 1 }
    }

    private static func list(_ members: [Member]) -> String {
        let names = members.map { "\"\($0.name)\"" }
        return "\(names.dropLast().joined(separator: ", ")) and \(names.last ?? "")"
    }

    private static func said(of names: [String]) -> String {
        names.isEmpty ? "none" : names.joined(separator: " and ")
    }

    /// The same for CEL. Joining strings there costs more than the API server grants, so that every case is spelt out.
    private static func said(of members: ArraySlice<Member>, _ set: [String]) -> String {
        guard let first = members.first else { return "'\(said(of: set))'" }
        let rest = members.dropFirst()
        return "(has(self.\(first.name)) ? \(said(of: rest, set + [first.name])) : \(said(of: rest, set)))"
    }

    private static func choice(
        _ members: [Member], _ comparison: String, _ message: String, fits: @escaping @Sendable (Int) -> Bool
    ) -> CheckedRule {
        let flags = members.map { "has(self.\($0.name))" }.joined(separator: ", ")
        return CheckedRule(
            "[\(flags)].filter(x, x).size() \(comparison)", message,
            found: Found(cel: said(of: members[...], [])) { value in
                said(of: members.filter { $0.isSet(value) }.map(\.name))
            }
        ) { value in fits(members.count { $0.isSet(value) }) }
    }
}
