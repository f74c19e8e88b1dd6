extension ConfigTable {
    /// `stackit_sd_configs`.
    static let stackit = ConfigTable(
        "a stackit_sd_config",
        [
            .field("project", .string), .field("region", .string), .field("endpoint", .url),
            .field("service_account_key", .string), .field("private_key", .string),
            .field("service_account_key_path", .string), .field("private_key_path", .string),
            .field("credentials_file_path", .string), .refreshInterval, .port,
        ] + ConfigField.httpClient,
        rules: [.anyOf("region", "endpoint")] + ConfigRule.httpClient())
}
