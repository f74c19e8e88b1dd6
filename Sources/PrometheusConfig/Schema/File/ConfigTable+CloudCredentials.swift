import Kube

extension ConfigTable {
    /// `sigv4`, which signs requests to AWS.
    static let sigv4 = ConfigTable(
        "a sigv4",
        [
            .field("region", .string), .field("access_key", .string), .field("secret_key", .string),
            .field("profile", .string), .field("role_arn", .string),
            .field("external_id", .string, since: .init(3, 11)), .field("service_name", .string, since: .init(3, 11)),
            .field("use_fips_sts_endpoint", .bool, since: .init(2, 54)),
        ])

    /// `google_iam`.
    static let googleIAM = ConfigTable("a google_iam", [.field("credentials_file", .string)])

    /// `azuread`.
    static let azureAD = ConfigTable(
        "an azuread",
        [
            .field("cloud", .words("AzurePublic", "AzureGovernment", "AzureChina")),
            .field("managed_identity", .object(ConfigTable("a managed_identity", [.field("client_id", .string)]))),
            .field(
                "workload_identity",
                .object(
                    ConfigTable(
                        "a workload_identity",
                        [
                            .field("client_id", .string), .field("tenant_id", .string),
                            .field("token_file_path", .string),
                        ])), since: .init(3, 7)),
            .field(
                "oauth",
                .object(
                    ConfigTable(
                        "an oauth",
                        [
                            .field("client_id", .string, .required), .field("client_secret", .string, .required),
                            .field("tenant_id", .string, .required),
                        ])), since: .init(2, 48)),
            .field("sdk", .object(ConfigTable("an sdk", [.field("tenant_id", .string)])), since: .init(2, 52)),
            .field("certificate", .map(.any), since: .init(3, 13)), .field("scope", .string, since: .init(3, 9)),
        ],
        rules: [
            .anyOf("managed_identity", "workload_identity", "oauth", "sdk", "certificate"),
            .atMostOne("managed_identity", "workload_identity", "oauth", "sdk", "certificate"),
        ])
}
