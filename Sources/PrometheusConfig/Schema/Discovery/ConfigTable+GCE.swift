extension ConfigTable {
    /// `gce_sd_configs`.
    static let gce = ConfigTable(
        "a gce_sd_config",
        [
            .field("project", .string, .required), .field("zone", .string, .required), .field("filter", .string),
            .refreshInterval, .port, .field("tag_separator", .string),
        ])
}
