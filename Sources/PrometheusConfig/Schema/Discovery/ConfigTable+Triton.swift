extension ConfigTable {
    /// `triton_sd_configs`.
    static let triton = ConfigTable(
        "a triton_sd_config",
        [
            .field("account", .string, .required), .field("role", .words("container", "cn"), .notEmpty),
            .field("dns_suffix", .string, .required), .field("endpoint", .string, .required),
            .field("groups", .strings), .port, .refreshInterval, .field("version", .int),
            .field("tls_config", .object(.tls)),
        ])
}
