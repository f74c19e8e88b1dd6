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
