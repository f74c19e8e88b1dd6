import Kube

/// How to translate metrics that are received over OTLP: prometheus-operator's OTLPConfig.
public struct OTLPConfig: Sendable, Hashable, Codable {
    /// Whether to promote all resource attributes to labels, except those in ignoreResourceAttributes.
    public var promoteAllResourceAttributes: Bool?
    /// The resource attributes not to promote, with promoteAllResourceAttributes.
    public var ignoreResourceAttributes: [String]?
    /// The resource attributes to promote to labels.
    public var promoteResourceAttributes: [String]?
    /// How to translate names.
    public var translationStrategy: String?
    /// Whether to keep the attributes that identify a service on target_info as well.
    public var keepIdentifyingResourceAttributes: Bool?
    /// Whether to convert explicit histograms to native histograms with custom buckets.
    public var convertHistogramsToNHCB: Bool?
    /// Whether to promote the name, version and attributes of the scope to labels.
    public var promoteScopeMetadata: Bool?
    /// Whether to prefix labels that start with an underscore with key_.
    public var labelNameUnderscoreSanitization: Bool?
    /// Whether to keep consecutive underscores in label names.
    public var labelNamePreserveMultipleUnderscores: Bool?

    static let rules: [CheckedRule<OTLPConfig>] = [
        CheckedRule(
            """
            !has(self.promoteAllResourceAttributes) || !self.promoteAllResourceAttributes || \
            !has(self.promoteResourceAttributes)
            """, "should not be true if \"promoteResourceAttributes\" is set", at: "promoteAllResourceAttributes"
        ) { $0.promoteAllResourceAttributes != true || $0.promoteResourceAttributes == nil },
        CheckedRule(
            """
            !has(self.ignoreResourceAttributes) || \
            (has(self.promoteAllResourceAttributes) && self.promoteAllResourceAttributes)
            """, "requires \"promoteAllResourceAttributes\" to be true", at: "ignoreResourceAttributes"
        ) { $0.ignoreResourceAttributes == nil || $0.promoteAllResourceAttributes == true },
    ]

    static let schema = Schema.object(
        [
            "promoteAllResourceAttributes": .boolean(
                """
                Whether to promote all resource attributes to labels, except those in ignoreResourceAttributes. \
                Defaults to false. Requires Prometheus >= 3.5.
                """),
            "ignoreResourceAttributes": attributes(
                """
                The resource attributes not to promote, with promoteAllResourceAttributes. Requires Prometheus \
                >= 3.5.
                """),
            "promoteResourceAttributes": attributes("The resource attributes to promote to labels. Defaults to none."),
            "translationStrategy": .choice(
                """
                How to translate names. Defaults to UnderscoreEscapingWithSuffixes. Requires Prometheus >= 3.0; \
                NoTranslation requires >= 3.4, UnderscoreEscapingWithoutSuffixes >= 3.6.
                """,
                [
                    "NoUTF8EscapingWithSuffixes", "UnderscoreEscapingWithSuffixes", "NoTranslation",
                    "UnderscoreEscapingWithoutSuffixes",
                ]),
            "keepIdentifyingResourceAttributes": .boolean(
                """
                Whether to keep service.name, service.namespace and service.instance.id on target_info, in \
                addition to job and instance. Defaults to false. Requires Prometheus >= 3.1.
                """),
            "convertHistogramsToNHCB": .boolean(
                """
                Whether to convert explicit histograms to native histograms with custom buckets. Defaults to \
                false. Requires Prometheus >= 3.4.
                """),
            "promoteScopeMetadata": .boolean(
                """
                Whether to promote the name, version and attributes of the scope to labels. Defaults to false. \
                Requires Prometheus >= 3.6.
                """),
            "labelNameUnderscoreSanitization": .boolean(
                """
                Whether to prefix labels that start with an underscore with key_. Defaults to true. Requires \
                Prometheus >= 3.8.
                """),
            "labelNamePreserveMultipleUnderscores": .boolean(
                """
                Whether to keep consecutive underscores in label names. Defaults to true. Requires Prometheus >= \
                3.8.
                """),
        ], description: "How to translate metrics that are received over OTLP. Requires Prometheus >= 2.55."
    ).with(rules: rules)

    private static func attributes(_ description: String) -> Schema {
        .set(of: .text("The name of an attribute.", max: 256), max: 128, description).with { $0.minItems = 1 }
    }
}
