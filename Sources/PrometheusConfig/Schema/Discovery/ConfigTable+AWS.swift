extension ConfigTable {
    /// `ec2_sd_configs`. Without a region, Prometheus asks the machine that it runs on.
    static let ec2 = ConfigTable(
        "an ec2_sd_config",
        amazon + [.field("filters", .objects(.amazonFilter))]
            + ConfigField.httpClient(since: .init(2, 41)),
        rules: ConfigRule.httpClient(since: .init(2, 48)))

    /// `lightsail_sd_configs`.
    static let lightsail = ConfigTable(
        "a lightsail_sd_config", amazon + ConfigField.httpClient(since: .init(2, 41)),
        rules: ConfigRule.httpClient(since: .init(2, 48)))

    /// `aws_sd_configs`: several kinds of discovery, by role.
    static let aws = ConfigTable(
        "an aws_sd_config",
        amazon + [
            .field(
                "role",
                .words([
                    "ec2": nil, "ecs": nil, "lightsail": nil, "msk": .init(3, 10), "elasticache": .init(3, 11),
                    "rds": .init(3, 11),
                ]), .required),
            .field("filters", .objects(.amazonFilter)), .field("clusters", .strings),
        ] + ConfigField.httpClient)

    /// `ecs_sd_configs`.
    static let ecs = clusters("an ecs_sd_config")
    /// `msk_sd_configs`.
    static let msk = clusters("an msk_sd_config")
    /// `elasticache_sd_configs`.
    static let elasticache = clusters("an elasticache_sd_config")
    /// `rds_sd_configs`.
    static let rds = clusters(
        "an rds_sd_config", [.field("filters", .objects(.amazonFilter), since: .init(3, 13))])

    private static func clusters(_ name: String, _ others: [ConfigField] = []) -> ConfigTable {
        let own: [ConfigField] = [.field("clusters", .strings), .field("request_concurrency", .int)]
        return ConfigTable(name, amazon + own + others + ConfigField.httpClient, rules: ConfigRule.httpClient())
    }

    private static let amazon: [ConfigField] = [
        .field("endpoint", .string), .field("region", .string), .field("access_key", .string),
        .field("secret_key", .string), .field("profile", .string), .field("role_arn", .string),
        .field("external_id", .string, since: .init(3, 12)), .refreshInterval, .port,
    ]

    private static let amazonFilter = ConfigTable(
        "a filter", [.field("name", .string), .field("values", .strings, .required)])
}
