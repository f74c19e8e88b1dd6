import Kube

extension ConfigTable {
    /// An entry of `scrape_configs`.
    static let scrapeConfig = ConfigTable(
        "a scrape config", jobFields + ConfigField.discoveries + ConfigField.httpClient,
        rules: [plainTargets, pairedKey, escapedNames, .distinctProtocols] + ConfigRule.httpClient(),
        otherNames: [
            "path": "metrics_path", "interval": "scrape_interval", "timeout": "scrape_timeout", "name": "job_name",
            "relabelings": "relabel_configs", "metricRelabelings": "metric_relabel_configs",
            "targets": "static_configs", "static_config": "static_configs", "static_sd_configs": "static_configs",
            "insecure_skip_verify": "tls_config.insecure_skip_verify",
        ])

    private static let jobFields: [ConfigField] = [
        .field("job_name", .string, .required),
        .field("honor_labels", .bool), .field("honor_timestamps", .bool),
        .field("track_timestamps_staleness", .bool, since: .init(2, 48)),
        .field("params", .map(.strings)),
        .field("scrape_interval", .duration), .field("scrape_timeout", .duration),
        .field("metrics_path", .string), .field("scheme", .string),
        .field("enable_compression", .bool, since: .init(2, 49)),
        .field("scrape_protocols", .list(.text(.scrapeProtocol)), .notEmpty, since: .init(2, 49)),
        .field("fallback_scrape_protocol", .text(.scrapeProtocolOrNone), since: .init(3, 0)),
        .field("scrape_failure_log_file", .string, since: .init(2, 55)),
        .field("body_size_limit", .size), .field("sample_limit", .unsigned), .field("target_limit", .unsigned),
        .field("label_limit", .unsigned), .field("label_name_length_limit", .unsigned),
        .field("label_value_length_limit", .unsigned),
        .field("keep_dropped_targets", .unsigned, since: .init(2, 47)),
        .field(
            "scrape_classic_histograms", .bool, since: .init(2, 45), until: .init(3, 0),
            successor: "always_scrape_classic_histograms"),
        .field("always_scrape_classic_histograms", .bool, since: .init(3, 0)),
        .field("convert_classic_histograms_to_nhcb", .bool, since: .init(3, 0)),
        .field("scrape_native_histograms", .bool, since: .init(3, 8)),
        .field("native_histogram_bucket_limit", .unsigned, since: .init(2, 45)),
        .field("native_histogram_min_bucket_factor", .number, since: .init(2, 50)),
        .field("extra_scrape_metrics", .bool, since: .init(3, 10)),
        .field("metric_name_validation_scheme", .text(.validationScheme), since: .init(2, 55)),
        .field("metric_name_escaping_scheme", .text(.escapingScheme), since: .init(3, 4)),
        .field("relabel_configs", .objects(.relabeling)),
        .field("metric_relabel_configs", .objects(.relabeling)),
    ]

    /// Without relabelling rules, targets have to be addresses. With some, they can be URLs for a prober.
    static let plainTargets = ConfigRule { object in
        guard object.members["relabel_configs"]?.array?.isEmpty ?? true else { return [] }
        return (object.members["static_configs"]?.array ?? []).enumerated().flatMap { index, group -> [FieldError] in
            (group["targets"]?.array ?? []).enumerated().compactMap { place, target -> FieldError? in
                guard let text = target.plainText, text.contains("/") else { return nil }
                return FieldError(
                    FieldPath("static_configs").appending(index).appending("targets").appending(place),
                    "\"\(text.excerpt)\" should be an address, such as host:port; the scheme and the path are fields "
                        + "of their own")
            }
        }
    }

    /// A client certificate needs its key. From 2.45 on, the table of `tls_config` says it.
    private static let pairedKey = ConfigRule.one { object in
        guard object.version < PrometheusVersion(2, 45), let problem = unpairedKey(in: object.object("tls_config"))
        else { return nil }
        return FieldError(FieldPath([.key("tls_config")] + problem.path.steps), problem.problem)
    }

    /// From 3.4 until 3.8, a job with legacy names inherits the escaping of UTF-8 names, which Prometheus then refuses.
    private static let escapedNames = ConfigRule.one { object in
        guard object.version >= PrometheusVersion(3, 4), object.text("metric_name_validation_scheme") == "legacy" else {
            return nil
        }
        if object.text("metric_name_escaping_scheme") == "allow-utf-8" {
            return FieldError(
                FieldPath("metric_name_escaping_scheme"),
                "\"allow-utf-8\" should be one of underscores, dots, values, since metric names are legacy")
        }
        guard !object.isGiven("metric_name_escaping_scheme"), object.version < PrometheusVersion(3, 8) else {
            return nil
        }
        return FieldError(
            FieldPath("metric_name_validation_scheme"),
            "legacy needs metric_name_escaping_scheme, for example underscores, before Prometheus v3.8.0")
    }
}
