import Kube

extension ConfigTable {
    /// `consul_sd_configs`.
    static let consul = ConfigTable(
        "a consul_sd_config",
        [
            .field("server", .text(.notBlank), .notEmpty), .field("path_prefix", .string, since: .init(2, 45)),
            .field("token", .string), .field("datacenter", .string), .field("namespace", .string),
            .field("partition", .string, since: .init(2, 40)), .field("tag_separator", .string),
            .field("scheme", .string), .field("username", .string), .field("password", .string),
            .field("services", .strings), .field("tags", .strings), .field("node_meta", .stringMap),
            .field("filter", .string, since: .init(3, 0)), .field("health_filter", .string, since: .init(3, 11, 2)),
            .field("allow_stale", .bool), .refreshInterval,
        ] + ConfigField.httpClient,
        rules: [
            .atMostOne("username", "basic_auth"), .atMostOne("password", "basic_auth"),
            .atMostOne("token", "authorization"), .atMostOne("token", "oauth2"),
        ] + ConfigRule.httpClient())
}
