public import Kube

/// Checks scrape configurations for what Prometheus refuses: it would refuse the whole file.
public struct ScrapeConfigChecks {
    /// The version of Prometheus that reads the configuration.
    let version: PrometheusVersion
    /// The interval of jobs without one of their own.
    let defaultInterval: PrometheusDuration?

    /// Creates the checks for a version of Prometheus.
    ///
    /// `scrapeInterval` is the interval of jobs without one of their own. Prometheus uses 1 minute if it is nil or 0; an
    /// interval that cannot be read counts as that, too.
    public init(version: PrometheusVersion, scrapeInterval: String?) {
        self.version = version
        let interval = scrapeInterval.flatMap(PrometheusDuration.init).flatMap { $0.milliseconds > 0 ? $0 : nil }
        defaultInterval = interval ?? PrometheusDuration("1m")
    }

    /// The problems of one scrape configuration; empty if Prometheus accepts it.
    ///
    /// The caller has to ensure that job names are unique.
    public func problems(_ config: JSON) -> [FieldError] {
        guard let members = config.object else {
            return [FieldError(FieldPath(), "should be an object, not \(config.typeName)")]
        }
        guard let name = members["job_name"]?.string, !name.isEmpty else {
            return [FieldError(FieldPath("job_name"), "is required")]
        }
        return problems(members)
    }

    /// The scrape configurations that Prometheus accepts; each of the others is omitted, with a problem.
    func accepted(_ configs: [JSON], _ problems: inout [ConfigProblem]) -> [JSON] {
        var names: Set<String> = []
        var accepted: [JSON] = []
        for (index, config) in configs.enumerated() {
            let name = config["job_name"]?.string ?? ""
            let part = name.isEmpty ? "scrape config \(index)" : "scrape config \"\(name)\""
            let found = self.problems(config)
            problems += found.map { ConfigProblem(.rejected, part, $0.path, $0.problem) }
            guard found.isEmpty else { continue }
            guard names.insert(name).inserted else {
                problems.append(
                    ConfigProblem(
                        .rejected, "scrape config \(index)", FieldPath("job_name"),
                        "\"\(name)\" is the name of an earlier job; names should be unique"))
                continue
            }
            accepted.append(config)
        }
        return accepted
    }

    private func problems(_ config: JSON.Members) -> [FieldError] {
        var problems: [FieldError] = []
        if version <= .newestKnown {
            for key in config.keys where !Self.fields.contains(key) && !key.hasSuffix("_sd_configs") {
                problems.append(FieldError(FieldPath([.key(key)]), "is not a field of a scrape config"))
            }
        }
        problems += timeProblems(config)
        problems += DiscoveryChecks.problems(config)
        problems += nameProblems(config)
        problems += HTTPClientChecks(version: version).problems(config)
        for key in ["relabel_configs", "metric_relabel_configs"] { problems += relabelProblems(config[key], key) }
        if let scheme = config["scheme"]?.string, !["http", "https"].contains(scheme.lowercased()) {
            problems.append(FieldError(FieldPath("scheme"), "\"\(scheme)\" should be http or https"))
        }
        for key in config.keys
        where key.hasSuffix("_configs") && config[key]?.array == nil && config[key]?.isNull == false {
            problems.append(
                FieldError(FieldPath([.key(key)]), "should be a list, not \(config[key]?.typeName ?? "null")"))
        }
        for (index, target) in (config["static_configs"]?.array ?? []).enumerated() {
            for label in target["labels"]?.object?.keys ?? []
            where !LabelName.isValid(label) && !version.allowsAnyLabelName {
                let path = FieldPath("static_configs").appending(index).appending("labels")
                problems.append(FieldError(path, LabelName.problem(label)))
            }
        }
        return problems
    }

    private func timeProblems(_ config: JSON.Members) -> [FieldError] {
        var problems: [FieldError] = []
        func duration(_ key: String) -> PrometheusDuration? {
            guard let value = config[key], !value.isNull else { return nil }
            let text = value.string ?? value.text()
            guard let duration = PrometheusDuration(text) else {
                problems.append(FieldError(FieldPath(key), PrometheusDuration.problem(text)))
                return nil
            }
            return duration
        }
        let interval = duration("scrape_interval").flatMap { $0.milliseconds > 0 ? $0 : nil } ?? defaultInterval
        if let timeout = duration("scrape_timeout"), let interval, timeout > interval {
            problems.append(
                FieldError(FieldPath("scrape_timeout"), "\(timeout) is longer than the scrape interval \(interval)"))
        }
        return problems
    }

    /// From 3.4 until 3.8, a job with legacy names inherits the escaping of UTF-8 names, which Prometheus then refuses.
    private func nameProblems(_ config: JSON.Members) -> [FieldError] {
        guard config["metric_name_validation_scheme"] == "legacy", config["metric_name_escaping_scheme"] == nil,
            version >= PrometheusVersion(3, 4), version < PrometheusVersion(3, 8)
        else { return [] }
        return [
            FieldError(
                FieldPath("metric_name_validation_scheme"),
                "legacy needs metric_name_escaping_scheme, for example underscores, before Prometheus v3.8.0")
        ]
    }

    private func relabelProblems(_ value: JSON?, _ key: String) -> [FieldError] {
        (value?.array ?? []).enumerated().flatMap { index, rule -> [FieldError] in
            let path = FieldPath([.key(key), .index(index)])
            do throws(FieldError) {
                return try RelabelConfig(json: rule, at: path).problems(for: version, at: path)
            } catch {
                return [error]
            }
        }
    }

    private static let fields: Set<String> = [
        "job_name", "honor_labels", "honor_timestamps", "track_timestamps_staleness", "params", "scrape_interval",
        "scrape_timeout", "scrape_protocols", "fallback_scrape_protocol", "scrape_fallback_protocol",
        "scrape_classic_histograms", "always_scrape_classic_histograms", "convert_classic_histograms_to_nhcb",
        "scrape_native_histograms", "extra_scrape_metrics", "scrape_failure_log_file", "metrics_path", "scheme",
        "enable_compression", "body_size_limit", "sample_limit", "target_limit", "label_limit",
        "label_name_length_limit", "label_value_length_limit", "native_histogram_bucket_limit",
        "native_histogram_min_bucket_factor", "keep_dropped_targets", "metric_name_validation_scheme",
        "metric_name_escaping_scheme", "static_configs", "relabel_configs", "metric_relabel_configs", "basic_auth",
        "authorization", "bearer_token", "bearer_token_file", "oauth2", "tls_config", "follow_redirects",
        "enable_http2", "proxy_url", "no_proxy", "proxy_from_environment", "proxy_connect_header", "http_headers",
    ]
}
