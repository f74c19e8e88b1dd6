import Kube

/// How metrics are taken in that come by OTLP: prometheus-operator's OTLPConfig.
public struct OTLPConfig: Sendable, Hashable, Codable {
    public var promoteAllResourceAttributes: Bool?
    public var ignoreResourceAttributes: [String]?
    public var promoteResourceAttributes: [String]?
    public var translationStrategy: String?
    public var keepIdentifyingResourceAttributes: Bool?
    public var convertHistogramsToNHCB: Bool?
    public var promoteScopeMetadata: Bool?
    public var labelNameUnderscoreSanitization: Bool?
    public var labelNamePreserveMultipleUnderscores: Bool?

    static let rules: [CheckedRule<OTLPConfig>] = [
        CheckedRule(
            """
            !has(self.promoteAllResourceAttributes) || !self.promoteAllResourceAttributes || \
            !has(self.promoteResourceAttributes)
            """, "cannot be true beside \"promoteResourceAttributes\"", at: "promoteAllResourceAttributes"
        ) { $0.promoteAllResourceAttributes != true || $0.promoteResourceAttributes == nil },
        CheckedRule(
            """
            !has(self.ignoreResourceAttributes) || \
            (has(self.promoteAllResourceAttributes) && self.promoteAllResourceAttributes)
            """, "needs \"promoteAllResourceAttributes\" to be true", at: "ignoreResourceAttributes"
        ) { $0.ignoreResourceAttributes == nil || $0.promoteAllResourceAttributes == true },
    ]

    static let schema = Schema.object(
        [
            "promoteAllResourceAttributes": .boolean(
                "Whether all resource attributes become labels, but those ignored. Defaults to false. Prometheus 3.5."),
            "ignoreResourceAttributes": attributes(
                "The resource attributes that become no labels, where all others do. Prometheus 3.5."),
            "promoteResourceAttributes": attributes("The resource attributes that become labels. Defaults to none."),
            "translationStrategy": .choice(
                """
                How names are made names of Prometheus. Defaults to UnderscoreEscapingWithSuffixes. Prometheus 3.0; \
                NoTranslation 3.4, UnderscoreEscapingWithoutSuffixes 3.6.
                """,
                [
                    "NoUTF8EscapingWithSuffixes", "UnderscoreEscapingWithSuffixes", "NoTranslation",
                    "UnderscoreEscapingWithoutSuffixes",
                ]),
            "keepIdentifyingResourceAttributes": .boolean(
                """
                Whether service.name, service.namespace and service.instance.id stay on target_info beside job and \
                instance. Defaults to false. Prometheus 3.1.
                """),
            "convertHistogramsToNHCB": .boolean(
                """
                Whether histograms become native ones with buckets of their own. Defaults to false. Prometheus 3.4.
                """),
            "promoteScopeMetadata": .boolean(
                "Whether a scope's name, version and attributes become labels. Defaults to false. Prometheus 3.6."),
            "labelNameUnderscoreSanitization": .boolean(
                "Whether labels that begin with an underscore begin with key_. Defaults to true. Prometheus 3.8."),
            "labelNamePreserveMultipleUnderscores": .boolean(
                "Whether several underscores in a row stay. Defaults to true. Prometheus 3.8."),
        ], description: "How metrics are taken in that come by OTLP. Prometheus 2.55."
    ).with(rules: rules)

    private static func attributes(_ description: String) -> Schema {
        .set(of: .text("An attribute's name.", max: 256), max: 128, description).with { $0.minItems = 1 }
    }
}
