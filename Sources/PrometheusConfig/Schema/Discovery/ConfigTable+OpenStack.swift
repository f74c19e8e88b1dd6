extension ConfigTable {
    /// `openstack_sd_configs`.
    static let openStack = ConfigTable(
        "an openstack_sd_config",
        [
            .field("role", .words(["instance": nil, "hypervisor": nil, "loadbalancer": .init(3, 2)]), .required),
            .field("region", .string, .required), .field("identity_endpoint", .string), .field("username", .string),
            .field("userid", .string), .field("password", .string), .field("domain_name", .string),
            .field("domain_id", .string), .field("project_name", .string), .field("project_id", .string),
            .field("application_credential_name", .string), .field("application_credential_id", .string),
            .field("application_credential_secret", .string), .field("all_tenants", .bool), .refreshInterval, .port,
            .field("availability", .words("public", "internal", "admin"), .notEmpty),
            .field("tls_config", .object(.tls)),
        ])
}
