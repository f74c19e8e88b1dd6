extension ConfigTable {
    /// `vultr_sd_configs`.
    static let vultr = ConfigTable(
        "a vultr_sd_config", [.refreshInterval, .port] + ConfigField.httpClient, rules: ConfigRule.httpClient())
}
