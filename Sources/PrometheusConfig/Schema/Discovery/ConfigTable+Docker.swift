extension ConfigTable {
    /// `docker_sd_configs`.
    static let docker = ConfigTable(
        "a docker_sd_config",
        [
            .field("host", .url, .required), .port, .field("filters", .objects(.dockerFilter)),
            .field("host_networking_host", .string), .refreshInterval,
            .field("match_first_network", .bool, since: .init(2, 54)),
        ] + ConfigField.httpClient,
        rules: ConfigRule.httpClient())

    /// `dockerswarm_sd_configs`.
    static let dockerSwarm = ConfigTable(
        "a dockerswarm_sd_config",
        [
            .field("host", .url, .required), .field("role", .words("services", "tasks", "nodes"), .required), .port,
            .field("filters", .objects(.dockerFilter)), .refreshInterval,
        ] + ConfigField.httpClient,
        rules: ConfigRule.httpClient())

    private static let dockerFilter = ConfigTable(
        "a filter", [.field("name", .string), .field("values", .strings)])
}
