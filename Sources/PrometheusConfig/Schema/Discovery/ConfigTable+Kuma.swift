extension ConfigTable {
    /// `kuma_sd_configs`.
    static let kuma = ConfigTable(
        "a kuma_sd_config",
        [
            .field("server", .text(.url(schemes: [])), .required), .refreshInterval, .field("fetch_timeout", .duration),
            .field("client_id", .string, since: .init(2, 50)),
        ] + ConfigField.httpClient,
        rules: ConfigRule.httpClient())
}
