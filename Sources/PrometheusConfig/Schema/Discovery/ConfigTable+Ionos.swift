extension ConfigTable {
    /// `ionos_sd_configs`.
    static let ionos = ConfigTable(
        "an ionos_sd_config",
        [.field("datacenter_id", .string, .required), .refreshInterval, .port] + ConfigField.httpClient,
        rules: ConfigRule.httpClient())
}
