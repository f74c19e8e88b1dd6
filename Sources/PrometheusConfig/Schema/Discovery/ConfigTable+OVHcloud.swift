extension ConfigTable {
    /// `ovhcloud_sd_configs`.
    static let ovhcloud = ConfigTable(
        "an ovhcloud_sd_config",
        [
            .field("endpoint", .string, .notEmpty), .field("application_key", .string, .required),
            .field("application_secret", .string, .required), .field("consumer_key", .string, .required),
            .field("service", .words("vps", "dedicated_server"), .required), .refreshInterval,
        ])
}
