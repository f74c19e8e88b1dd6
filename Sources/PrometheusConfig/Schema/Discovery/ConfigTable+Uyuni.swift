extension ConfigTable {
    /// `uyuni_sd_configs`.
    static let uyuni = ConfigTable(
        "a uyuni_sd_config",
        [
            .field("server", .url, .required), .field("username", .string, .required),
            .field("password", .string, .required), .field("entitlement", .string), .field("separator", .string),
            .refreshInterval,
        ] + ConfigField.httpClient,
        rules: ConfigRule.httpClient(since: .init(2, 48)))
}
