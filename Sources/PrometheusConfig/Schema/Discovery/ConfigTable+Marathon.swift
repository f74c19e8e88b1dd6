extension ConfigTable {
    /// `marathon_sd_configs`.
    static let marathon = ConfigTable(
        "a marathon_sd_config",
        [
            .field("servers", .strings, .required), .refreshInterval, .field("auth_token", .string),
            .field("auth_token_file", .string),
        ] + ConfigField.httpClient,
        rules: [
            .atMostOne(
                "auth_token", "auth_token_file", "basic_auth", "bearer_token", "bearer_token_file", "authorization")
        ]
            + ConfigRule.httpClient())
}
