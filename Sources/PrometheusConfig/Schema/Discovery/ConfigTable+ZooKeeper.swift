extension ConfigTable {
    /// `nerve_sd_configs`.
    static let nerve = ConfigTable("a nerve_sd_config", zooKeeper)
    /// `serverset_sd_configs`.
    static let serverset = ConfigTable("a serverset_sd_config", zooKeeper)

    private static let zooKeeper: [ConfigField] = [
        .field("servers", .strings, .required), .field("paths", .list(.text(path)), .required),
        .field("timeout", .duration),
    ]

    private static let path = TextSyntax { text, _ in
        text.hasPrefix("/") ? nil : "\"\(text.excerpt)\" should begin with /"
    }
}
