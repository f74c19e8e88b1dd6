import Kube

extension ConfigTable {
    /// `azure_sd_configs`.
    static let azure = ConfigTable(
        "an azure_sd_config",
        [
            .field("environment", .string), .port, .field("subscription_id", .string, .required),
            .field("tenant_id", .string), .field("client_id", .string), .field("client_secret", .string),
            .field("resource_group", .string, since: .init(2, 35)), .refreshInterval,
            .field(
                "authentication_method",
                .words([
                    "OAuth": nil, "ManagedIdentity": nil, "SDK": .init(2, 52), "WorkloadIdentity": .init(3, 11),
                ]), .notEmpty),
        ] + ConfigField.httpClient,
        rules: [clientOfAzure] + ConfigRule.httpClient(since: .init(2, 48)))

    private static let clientOfAzure = ConfigRule { object in
        guard (object.text("authentication_method") ?? "OAuth") == "OAuth" else { return [] }
        return ["tenant_id", "client_id", "client_secret"].filter { !object.isGiven($0) }.map {
            FieldError(FieldPath($0), "is required by authentication_method OAuth")
        }
    }
}
