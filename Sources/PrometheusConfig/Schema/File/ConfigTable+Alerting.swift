extension ConfigTable {
    /// `alerting`.
    static let alerting = ConfigTable(
        "alerting",
        [
            .field("alert_relabel_configs", .objects(.relabeling)), .field("alertmanagers", .objects(.alertmanager)),
        ])

    /// An element of `alerting.alertmanagers`.
    static let alertmanager = ConfigTable(
        "an Alertmanager",
        [
            .field("scheme", .string), .field("path_prefix", .string), .field("timeout", .duration),
            .field("api_version", .text(version), .notEmpty), .field("relabel_configs", .objects(.relabeling)),
            .field("alert_relabel_configs", .objects(.relabeling), since: .init(2, 51)),
            .field("sigv4", .object(.sigv4), since: .init(2, 48)),
        ] + ConfigField.discoveries + ConfigField.httpClient,
        rules: [
            plainTargets, .atMostOne("sigv4", "basic_auth", "authorization", "oauth2"),
        ] + ConfigRule.httpClient(),
        otherNames: ["targets": "static_configs"])

    /// From 3.0 on, only the second version of the API.
    private static let version = TextSyntax { text, version in
        let known = version.major >= 3 ? ["v2"] : ["v1", "v2"]
        return known.contains(text) ? nil : "\"\(text.excerpt)\" should be \(known.joined(separator: " or "))"
    }
}
