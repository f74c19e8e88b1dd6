import Kube

extension TenantSpec {
    private static let isGlob = "has(self.matcher) && self.matcher == 'glob'"
    private static let idFound = CheckedRule<TenantSpec>.Found(cel: "'\"' + self.id + '\"'") { "\"\($0.id ?? "")\"" }

    static let rules: [CheckedRule<TenantSpec>] = [
        CheckedRule(
            "!has(self.id) || (self.id != '.' && self.id != '..')",
            "is not a valid id: receivers store each tenant in a directory of that name", at: "id", found: idFound
        ) { $0.id != "." && $0.id != ".." },
        CheckedRule(
            "(\(isGlob)) || !has(self.id) || self.id.matches(r\"\(TenantIDs.pattern)\")",
            "should have only letters, digits and !_.*'()@:+=~-; patterns require matcher glob",
            at: "id", found: idFound
        ) { spec in spec.isGlob || (spec.id ?? "").utf8.allSatisfy(TenantIDs.isPartOfID) },
        CheckedRule(
            "!(\(isGlob)) || !has(self.id) || self.id.matches(r\"\(TenantIDs.wellFormedGlob)\")",
            """
            is not a valid pattern: brackets should enclose characters or ranges, and a character should \
            follow each backslash
            """, at: "id", found: idFound
        ) { spec in !spec.isGlob || spec.id == nil || GlobPattern(spec.id ?? "") != nil },
        CheckedRule(
            "!(\(isGlob)) || has(self.id)", "is required with matcher glob: it holds the pattern", at: "id"
        ) { !$0.isGlob || $0.id != nil },
        CheckedRule(
            "!(\(isGlob)) || has(self.hashring)",
            "is required with matcher glob: a pattern selects the ids that go to a hard hashring", at: "hashring"
        ) { !$0.isGlob || $0.hashring != nil },
        absentWithGlob("externalLabels", "Thanos looks them up by exact id") { $0.externalLabels != nil },
        absentWithGlob("limits", "Thanos looks them up by exact id") { $0.limits != nil },
        absentWithGlob("read", "create a Tenant with an exact id for each tenant that reads") { $0.read != nil },
        absentWithGlob("grafana", "create a Tenant with an exact id for each tenant that reads") { $0.grafana != nil },
        absentWithGlob("credentials", "a pattern cannot write or read") { $0.credentials != nil },
        absentWithGlob("agents", "a pattern cannot write or read") { $0.agents != nil },
        absentWithGlob("gateway", "a pattern cannot write or read") { $0.gateway != nil },
        absentWithGlob("rules", "a pattern has no series of its own") { $0.rules != nil },
        absentWithGlob("offboarding", "bring off the tenants with exact ids") { $0.offboarding != nil },
        CheckedRule(
            "!has(self.externalLabels) || has(self.hashring)",
            "requires \"hashring\": Thanos does not apply external labels on the soft hashring",
            at: "externalLabels"
        ) { $0.externalLabels == nil || $0.hashring != nil },
        CheckedRule(
            """
            !has(self.externalLabels) || self.externalLabels.all(k, k.matches('\(LabelNameSyntax.pattern)') && \
            !k.startsWith('__'))
            """,
            """
            label names should have only letters, digits and underscores, and should not start with a digit \
            or two underscores
            """,
            at: "externalLabels"
        ) { spec in (spec.externalLabels ?? [:]).keys.allSatisfy { LabelNameSyntax.isValid($0) && !$0.hasPrefix("__") }
        },
    ]

    private static func absentWithGlob(
        _ member: String, _ why: String, isSet: @escaping @Sendable (TenantSpec) -> Bool
    ) -> CheckedRule<TenantSpec> {
        CheckedRule(
            "!(\(isGlob)) || !has(self.\(member))", "should be absent with matcher glob: \(why)", at: member
        ) { !$0.isGlob || !isSet($0) }
    }

    private var isGlob: Bool { matcher == "glob" }
}
