extension ConfigTable {
    /// `http_sd_configs`.
    static let httpDiscovery = ConfigTable(
        "an http_sd_config",
        [.field("url", .text(.url(schemes: ["http", "https"])), .required), .refreshInterval] + ConfigField.httpClient,
        rules: ConfigRule.httpClient(since: .init(2, 48)))
}
