import Kube

extension TenantSpec {
    private static let isGlob = "has(self.matcher) && self.matcher == 'glob'"
    private static let idFound = CheckedRule<TenantSpec>.Found(cel: "'\"' + self.id + '\"'") { "\"\($0.id ?? "")\"" }

    static let rules: [CheckedRule<TenantSpec>] = [
        CheckedRule(
            "!has(self.id) || (self.id != '.' && self.id != '..')",
            "cannot be an id: receivers keep each tenant in a folder of its name", at: "id", found: idFound
        ) { $0.id != "." && $0.id != ".." },
        CheckedRule(
            "(\(isGlob)) || !has(self.id) || self.id.matches(r\"\(TenantIDs.pattern)\")",
            "should have only letters, digits and !_.*'()@:+=~-; it can be a pattern where matcher is glob",
            at: "id", found: idFound
        ) { spec in spec.isGlob || (spec.id ?? "").utf8.allSatisfy(TenantIDs.isPartOfID) },
        CheckedRule(
            "!(\(isGlob)) || !has(self.id) || self.id.matches(r\"\(TenantIDs.wellFormedGlob)\")",
            "is no pattern: each bracket and each backslash should have what belongs to it", at: "id", found: idFound
        ) { spec in !spec.isGlob || spec.id == nil || GlobPattern(spec.id ?? "") != nil },
        CheckedRule(
            "!(\(isGlob)) || has(self.id)", "is required with the matcher glob: it is the pattern", at: "id"
        ) { !$0.isGlob || $0.id != nil },
        CheckedRule(
            "!(\(isGlob)) || has(self.hashring)",
            "is required with the matcher glob: a pattern says which ids go to a hashring of their own", at: "hashring"
        ) { !$0.isGlob || $0.hashring != nil },
        absentWithGlob("externalLabels", "Thanos looks them up by whole ids") { $0.externalLabels != nil },
        absentWithGlob("limits", "Thanos looks them up by whole ids") { $0.limits != nil },
        absentWithGlob("read", "each tenant reads by a Tenant of its own") { $0.read != nil },
        absentWithGlob("grafana", "each tenant reads by a Tenant of its own") { $0.grafana != nil },
        CheckedRule(
            "!has(self.externalLabels) || has(self.hashring)",
            "should be absent without \"hashring\": Thanos never applies them on the soft hashring",
            at: "externalLabels"
        ) { $0.externalLabels == nil || $0.hashring != nil },
        CheckedRule(
            """
            !has(self.externalLabels) || self.externalLabels.all(k, k.matches('^[a-zA-Z_][a-zA-Z0-9_]*$') && \
            !k.startsWith('__'))
            """,
            "names of labels should have letters, digits and underscores, and begin with no digit nor two underscores",
            at: "externalLabels"
        ) { spec in (spec.externalLabels ?? [:]).keys.allSatisfy(TenantIDs.isLabelName) },
    ]

    private static func absentWithGlob(
        _ member: String, _ why: String, isSet: @escaping @Sendable (TenantSpec) -> Bool
    ) -> CheckedRule<TenantSpec> {
        CheckedRule(
            "!(\(isGlob)) || !has(self.\(member))", "should be absent with the matcher glob: \(why)", at: member
        ) { !$0.isGlob || !isSet($0) }
    }

    private var isGlob: Bool { matcher == "glob" }
}

/// What ids and patterns of ids are made of.
enum TenantIDs {
    /// Whole ids, as RE2 has it.
    static let pattern = "^[A-Za-z0-9!_.*'()@:+=~-]+$"
    /// Ids and patterns.
    static let patternOrGlob = #"^[A-Za-z0-9!_.*'()@:+=~?\[\]^\\-]+$"#

    /// Patterns that Go's `filepath.Match` takes: what ``GlobPattern`` reads.
    static var wellFormedGlob: String {
        let character = #"([^\\\]-]|\\.)"#
        let range = "\(character)(-\(character))?"
        // A caret that comes first is no character but turns the brackets round.
        let first = #"(\^"# + range + #"|([^\\\]^-]|\\.)(-"# + character + ")?)"
        return #"^([^\\\[]|\\.|\["# + first + "(\(range))*" + #"\])+$"#
    }

    static func isPartOfID(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || "!_.*'()@:+=~-".utf8.contains(byte) }

    static func isLabelName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !isDigit(first), !name.hasPrefix("__") else { return false }
        return name.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte < 128 && Unicode.Scalar(byte).properties.isAlphabetic)
    }
}
