public import Kube

/// Checks a configuration file of Prometheus that somebody wrote, for what Prometheus refuses.
public struct ConfigurationFileChecks {
    /// The version of Prometheus that reads the file.
    let version: PrometheusVersion

    /// Creates the checks for a version of Prometheus.
    public init(version: PrometheusVersion) { self.version = version }

    /// Whether an object is a configuration file, by the members that only such files have.
    public static func isConfiguration(_ file: JSON) -> Bool {
        ["global", "scrape_configs", "scrape_config_files", "remote_write", "remote_read"].contains { file[$0] != nil }
    }

    /// The problems of a file, or of one with scrape configurations alone; empty if Prometheus accepts it.
    public func problems(_ file: JSON) -> [FieldError] {
        ConfigTable.file.problems(file, for: version) + scrapeProblems(file)
    }

    private func scrapeProblems(_ file: JSON) -> [FieldError] {
        let checks = ScrapeConfigChecks(version: version, scrapeInterval: file["global", "scrape_interval"]?.plainText)
        var names: Set<String> = []
        return (file["scrape_configs"]?.array ?? []).enumerated().flatMap { index, config -> [FieldError] in
            let path: [FieldPath.Step] = [.key("scrape_configs"), .index(index)]
            var found = checks.problems(config)
            if let name = config["job_name"]?.plainText, !names.insert(name).inserted {
                found.append(
                    FieldError(
                        FieldPath("job_name"),
                        "\"\(name.excerpt)\" is the name of an earlier job; names should be unique"))
            }
            return found.map { FieldError(FieldPath(path + $0.path.steps), $0.problem) }
        }
    }
}
