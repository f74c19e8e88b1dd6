extension ConfigTable {
    /// `eureka_sd_configs`.
    static let eureka = ConfigTable(
        "a eureka_sd_config",
        [.field("server", .text(.url(schemes: [])), .required), .refreshInterval] + ConfigField.httpClient,
        rules: ConfigRule.httpClient())
}
