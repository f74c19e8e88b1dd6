extension ConfigTable {
    /// `digitalocean_sd_configs`.
    static let digitalOcean = ConfigTable(
        "a digitalocean_sd_config",
        [
            .refreshInterval, .port,
            .field("role", .words("droplets", "databases"), .notEmpty, since: .init(3, 12)),
        ] + ConfigField.httpClient,
        rules: ConfigRule.httpClient())
}
