import Kube

/// AWS Signature Version 4: prometheus-operator's Sigv4.
public struct Sigv4: Sendable, Hashable, Codable {
    /// The AWS region.
    public var region: String?
    /// The Secret key with the access key.
    public var accessKey: KeySelector?
    /// The Secret key with the secret access key.
    public var secretKey: KeySelector?
    /// The named AWS profile.
    public var profile: String?
    /// The ARN of the role to assume.
    public var roleArn: String?
    /// The external ID to use when assuming the role.
    public var externalId: String?
    /// Whether to request tokens from the FIPS endpoint.
    public var useFIPSSTSEndpoint: Bool?

    static let rules: [CheckedRule<Sigv4>] = [
        CheckedRule(
            "has(self.accessKey) == has(self.secretKey)",
            "should have both \"accessKey\" and \"secretKey\" or neither: they belong together"
        ) { ($0.accessKey == nil) == ($0.secretKey == nil) },
        CheckedRule("!has(self.externalId) || has(self.roleArn)", "requires \"roleArn\"", at: "externalId") {
            $0.externalId == nil || $0.roleArn != nil
        },
    ]

    static let schema = Schema.object(
        [
            "region": .text("The AWS region. Defaults to that of the default credentials chain.", max: 128),
            "accessKey": KeySelector.schema(
                """
                The Secret key with the access key. Defaults to the default credentials chain, such as the role \
                of the pod.
                """),
            "secretKey": KeySelector.schema("The Secret key with the secret access key."),
            "profile": .text("The named AWS profile.", max: 256),
            "roleArn": .text("The ARN of the role to assume.", max: 2048),
            "externalId": .text(
                "The external ID to use when assuming the role. Requires Prometheus >= 3.11.", max: 1224),
            "useFIPSSTSEndpoint": .boolean(
                "Whether to request tokens from the FIPS endpoint. Defaults to false. Requires Prometheus >= 2.54."),
        ], description: "AWS Signature Version 4. Excludes the other authentication methods."
    ).with(rules: rules)
}
