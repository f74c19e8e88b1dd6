extension ConfigTable {
    /// `linode_sd_configs`.
    static let linode = ConfigTable(
        "a linode_sd_config",
        [
            .refreshInterval, .port, .field("tag_separator", .string), .field("region", .string, since: .init(2, 52)),
        ] + ConfigField.httpClient,
        rules: ConfigRule.httpClient())
}
