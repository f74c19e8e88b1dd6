import Kube

extension TextSyntax {
    private static let protocols: KeyValuePairs<String, PrometheusVersion?> = [
        "PrometheusProto": nil, "OpenMetricsText0.0.1": nil, "OpenMetricsText1.0.0": nil, "PrometheusText0.0.4": nil,
        "PrometheusText1.0.0": .init(3, 0),
    ]

    /// A format of scrapes.
    static let scrapeProtocol = words(protocols)
    /// A format of scrapes, or none.
    static let scrapeProtocolOrNone = words(protocols, orEmpty: true)
    /// Which names metrics can have.
    static let validationScheme = words(["utf8": nil, "legacy": nil], orEmpty: true)
    /// How names are written in formats that do not have all characters.
    static let escapingScheme = words(
        ["allow-utf-8": nil, "underscores": nil, "dots": nil, "values": nil], orEmpty: true)
}

extension ConfigRule {
    /// No format of scrapes occurs twice.
    static let distinctProtocols = ConfigRule.one { object in
        var found: Set<String> = []
        for (index, value) in (object.members["scrape_protocols"]?.array ?? []).enumerated() {
            guard let text = value.plainText, !found.insert(text.lowercased()).inserted else { continue }
            return FieldError(
                FieldPath("scrape_protocols").appending(index), "\"\(text.excerpt)\" occurs twice")
        }
        return nil
    }
}
