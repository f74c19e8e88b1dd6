import Kube

extension ConfigTable {
    /// `tls_config`.
    static let tls = ConfigTable(
        "a tls_config",
        [
            .field("ca_file", .string), .field("cert_file", .string), .field("key_file", .string),
            .field("ca", .string, since: inlineTLS), .field("cert", .string, since: inlineTLS),
            .field("key", .string, since: inlineTLS),
            .field("ca_ref", .string, since: .firstSecretReferences),
            .field("cert_ref", .string, since: .firstSecretReferences),
            .field("key_ref", .string, since: .firstSecretReferences),
            .field("server_name", .string), .field("insecure_skip_verify", .bool),
            .field("min_version", tlsVersion, since: .init(2, 35)),
            .field("max_version", tlsVersion, since: .init(2, 41)),
        ],
        rules: [
            .atMostOne("ca", "ca_file", "ca_ref"), .atMostOne("cert", "cert_file", "cert_ref"),
            .atMostOne("key", "key_file", "key_ref"), pairedKey,
        ],
        otherNames: ["ca_cert": "ca_file", "certificate": "cert_file", "insecure": "insecure_skip_verify"])

    private static let inlineTLS = PrometheusVersion(2, 45)
    private static let tlsVersion = ConfigType.words("TLS10", "TLS11", "TLS12", "TLS13")

    /// A certificate needs its key, and a key its certificate. Before 2.45 only the settings of scrapes are looked at.
    private static let pairedKey = ConfigRule.one { object in
        object.version < inlineTLS ? nil : unpairedKey(in: object)
    }

    /// A client certificate without its key, or a key without its certificate.
    static func unpairedKey(in tls: ConfigObject) -> FieldError? {
        let certificate = ["cert", "cert_file", "cert_ref"].first(where: tls.isGiven)
        let key = ["key", "key_file", "key_ref"].first(where: tls.isGiven)
        switch (certificate, key) {
        case (let certificate?, nil): return FieldError(FieldPath(certificate), "needs key_file")
        case (nil, let key?): return FieldError(FieldPath(key), "needs cert_file")
        default: return nil
        }
    }
}

extension PrometheusVersion {
    /// The first version in which fields can name secrets of a secret manager.
    static let firstSecretReferences = PrometheusVersion(2, 53)
}
