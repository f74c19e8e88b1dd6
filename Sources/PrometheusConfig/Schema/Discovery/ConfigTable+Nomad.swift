extension ConfigTable {
    /// `nomad_sd_configs`.
    static let nomad = ConfigTable(
        "a nomad_sd_config",
        [
            .field("server", .text(.notBlank), .notEmpty), .field("allow_stale", .bool), .field("namespace", .string),
            .field("region", .string), .field("tag_separator", .string), .refreshInterval,
        ] + ConfigField.httpClient,
        rules: ConfigRule.httpClient())
}
