extension ConfigTable {
    /// `hetzner_sd_configs`.
    static let hetzner = ConfigTable(
        "a hetzner_sd_config",
        [
            .field("role", .words("hcloud", "robot"), .required), .refreshInterval, .port,
            .field("label_selector", .string, since: .init(3, 5)),
        ] + ConfigField.httpClient,
        rules: ConfigRule.httpClient())
}
