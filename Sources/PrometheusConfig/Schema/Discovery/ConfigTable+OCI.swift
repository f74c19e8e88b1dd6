import Kube

extension ConfigTable {
    /// `oci_sd_configs`.
    static let oci = ConfigTable(
        "an oci_sd_config",
        [
            .field("auth", .words("api_key", "instance_principal"), .notEmpty), .field("tenancy", .string),
            .field("user", .string),
            .field("fingerprint", .string), .field("key_file", .string), .field("key_passphrase", .string),
            .field("key_passphrase_file", .string), .field("region", .string, .required),
            .field("compartments", .list(.text(.notBlank))), .port, .refreshInterval,
        ] + ConfigField.httpClient,
        rules: [.atMostOne("key_passphrase", "key_passphrase_file"), accountOfOCI] + ConfigRule.httpClient())

    private static let accountOfOCI = ConfigRule { object in
        let fields = ["tenancy", "user", "fingerprint", "key_file"]
        if object.text("auth") == "instance_principal" {
            return fields.filter(object.isGiven).map {
                FieldError(FieldPath($0), "cannot be set together with auth instance_principal")
            }
        }
        return fields.filter { !object.isGiven($0) }.map { FieldError(FieldPath($0), "is required by auth api_key") }
    }
}
