import Kube

extension ConfigTable {
    /// `global`.
    static let global = ConfigTable(
        "global",
        [
            .field("scrape_interval", .duration), .field("scrape_timeout", .duration),
            .field("evaluation_interval", .duration),
            .field("rule_query_offset", .duration, since: .init(2, 53)),
            .field("external_labels", .map(keys: .labelName, .string)),
            .field("query_log_file", .string), .field("scrape_failure_log_file", .string, since: .init(2, 55)),
            .field("body_size_limit", .size, since: firstLimits), .field("sample_limit", .unsigned, since: firstLimits),
            .field("target_limit", .unsigned, since: firstLimits), .field("label_limit", .unsigned, since: firstLimits),
            .field("label_name_length_limit", .unsigned, since: firstLimits),
            .field("label_value_length_limit", .unsigned, since: firstLimits),
            .field("keep_dropped_targets", .unsigned, since: .init(2, 47)),
            .field("scrape_protocols", .list(.text(.scrapeProtocol)), .notEmpty, since: .init(2, 49)),
            .field("metric_name_validation_scheme", .text(.validationScheme), since: .init(2, 55)),
            .field("metric_name_escaping_scheme", .text(.escapingScheme), since: .init(3, 4)),
            .field("convert_classic_histograms_to_nhcb", .bool, since: .init(3, 4)),
            .field("always_scrape_classic_histograms", .bool, since: .init(3, 5)),
            .field("scrape_native_histograms", .bool, since: .init(3, 8)),
            .field("extra_scrape_metrics", .bool, since: .init(3, 10)),
        ],
        rules: [
            .distinctProtocols,
            .one { object in
                let interval = object.text("scrape_interval").flatMap(PrometheusDuration.init)
                let timeout = object.text("scrape_timeout").flatMap(PrometheusDuration.init)
                let effective = interval.flatMap { $0.milliseconds > 0 ? $0 : nil } ?? PrometheusDuration("1m")
                guard let timeout, let effective, timeout > effective else { return nil }
                return FieldError(
                    FieldPath("scrape_timeout"), "\(timeout) is longer than the scrape interval \(effective)")
            },
        ])

    private static let firstLimits = PrometheusVersion(2, 45)
}
