extension ConfigTable {
    /// `outscale_sd_configs`.
    static let outscale = ConfigTable(
        "an outscale_sd_config",
        [
            .field("endpoint", .string), .field("region", .string, .notEmpty),
            .field("access_key", .string, .required), .field("secret_key", .string),
            .field("secret_key_file", .string), .refreshInterval, .port,
        ] + ConfigField.httpClient,
        rules: [.anyOf("secret_key", "secret_key_file"), .atMostOne("secret_key", "secret_key_file")]
            + ConfigRule.httpClient())
}
