extension ConfigTable {
    /// `puppetdb_sd_configs`.
    static let puppetDB = ConfigTable(
        "a puppetdb_sd_config",
        [
            .field("url", .text(.url(schemes: ["http", "https"])), .required), .field("query", .string, .required),
            .field("include_parameters", .bool), .refreshInterval, .port,
        ] + ConfigField.httpClient,
        rules: ConfigRule.httpClient(since: .init(2, 48)))
}
