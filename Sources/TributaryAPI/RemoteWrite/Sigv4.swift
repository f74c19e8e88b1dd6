import Kube

/// How requests are signed for Amazon's services.
public struct Sigv4: Sendable, Hashable, Codable {
    public var region: String?
    public var accessKey: KeySelector?
    public var secretKey: KeySelector?
    public var profile: String?
    public var roleArn: String?
    public var externalId: String?
    public var useFIPSSTSEndpoint: Bool?

    static let rules: [CheckedRule<Sigv4>] = [
        CheckedRule(
            "has(self.accessKey) == has(self.secretKey)",
            "should have both of \"accessKey\" and \"secretKey\" or none: they belong together"
        ) { ($0.accessKey == nil) == ($0.secretKey == nil) },
        CheckedRule("!has(self.externalId) || has(self.roleArn)", "needs \"roleArn\"", at: "externalId") {
            $0.externalId == nil || $0.roleArn != nil
        },
    ]

    static let schema = Schema.object(
        [
            "region": .text("The region. Defaults to that of the default credentials.", max: 128),
            "accessKey": KeySelector.schema(
                "The Secret with the access key. Defaults to the default credentials, such as the pod's own role."),
            "secretKey": KeySelector.schema("The Secret with the secret key."),
            "profile": .text("The named profile.", max: 256),
            "roleArn": .text("The role that is taken on.", max: 2048),
            "externalId": .text("The external id by which the role is taken on. Prometheus 3.11.", max: 1224),
            "useFIPSSTSEndpoint": .boolean(
                "Whether tokens come from the endpoint that keeps to FIPS. Defaults to false. Prometheus 2.54."),
        ], description: "Signs requests for Amazon's services. Excludes the other ways to authenticate."
    ).with(rules: rules)
}
