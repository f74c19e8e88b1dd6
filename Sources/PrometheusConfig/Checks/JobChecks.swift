public import Kube

/// Checks scrape configurations one by one, so that an edit of one has only that one checked again.
public enum JobChecks {
    /// What Prometheus would refuse in a scrape configuration by itself; empty where it would take it.
    ///
    /// `scrapeInterval` is the interval of jobs that have none of their own. That no two jobs have the same name is for
    /// the caller to see to.
    public static func problems(
        _ config: JSON, for version: PrometheusVersion, scrapeInterval: String?
    ) -> [FieldError] {
        guard let members = config.object else {
            return [FieldError(FieldPath(), "should be an object, not \(config.typeName)")]
        }
        guard let name = members["job_name"]?.string, !name.isEmpty else {
            return [FieldError(FieldPath("job_name"), "is required")]
        }
        let interval = scrapeInterval.flatMap(PrometheusDuration.init).flatMap { $0.milliseconds > 0 ? $0 : nil }
        return ScrapeConfigChecks(version: version, defaultInterval: interval ?? PrometheusDuration("1m"))
            .problems(members)
    }
}
