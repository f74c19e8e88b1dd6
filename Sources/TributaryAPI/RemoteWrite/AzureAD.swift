import Kube

/// How to authenticate with Microsoft Entra ID.
public struct AzureAD: Sendable, Hashable, Codable {
    public var cloud: String?
    public var managedIdentity: AzureManagedIdentity?
    public var oauth: AzureOAuth?
    public var sdk: AzureSDK?
    public var workloadIdentity: AzureWorkloadIdentity?
    public var scope: String?

    static let rules: [CheckedRule<AzureAD>] = [
        .exactlyOne(of: [
            .init("managedIdentity") { $0.managedIdentity != nil }, .init("oauth") { $0.oauth != nil },
            .init("sdk") { $0.sdk != nil }, .init("workloadIdentity") { $0.workloadIdentity != nil },
        ])
    ]

    static let schema = Schema.object(
        [
            "cloud": .choice(
                "The cloud. Defaults to AzurePublic.", ["AzureChina", "AzureGovernment", "AzurePublic"]),
            "managedIdentity": AzureManagedIdentity.schema,
            "oauth": AzureOAuth.schema,
            "sdk": AzureSDK.schema,
            "workloadIdentity": AzureWorkloadIdentity.schema,
            "scope": .text(
                "What a token is asked for. Defaults to the cloud's own monitoring. Prometheus 3.9.", max: 1024,
                pattern: #"^[\w\s:/.\\-]+$"#),
        ],
        description:
            "Authenticates with Microsoft Entra ID. Prometheus 2.45. Excludes the other ways to authenticate."
    ).with(rules: rules)

    fileprivate static let uuid =
        "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
}

/// The identity that the cloud gives to the machine.
public struct AzureManagedIdentity: Sendable, Hashable, Codable {
    public var clientId: String?

    static let schema = Schema.object(
        [
            "clientId": .text(
                "The client id of an identity of one's own. Defaults to the machine's own identity, from Prometheus 3.5.",
                max: 256)
        ], description: "By the identity that the cloud gives to the machine.")
}

/// A registered application and its secret.
public struct AzureOAuth: Sendable, Hashable, Codable {
    public var clientId: String
    public var clientSecret: KeySelector
    public var tenantId: String

    static let schema = Schema.object(
        [
            "clientId": .text("The application's client id.", max: 36, pattern: AzureAD.uuid),
            "clientSecret": KeySelector.schema("The Secret with the client's secret."),
            "tenantId": .text("The directory's id.", max: 256, pattern: "^[0-9a-zA-Z-.]+$"),
        ], required: ["clientId", "clientSecret", "tenantId"],
        description: "By a registered application and its secret. Prometheus 2.48.")
}

/// What the Azure SDK finds by itself.
public struct AzureSDK: Sendable, Hashable, Codable {
    public var tenantId: String?

    static let schema = Schema.object(
        ["tenantId": .text("The directory's id.", max: 256, pattern: "^[0-9a-zA-Z-.]+$")],
        description: "By what the Azure SDK finds in the container's environment. Prometheus 2.52.")
}

/// The identity of the pod's ServiceAccount.
public struct AzureWorkloadIdentity: Sendable, Hashable, Codable {
    public var clientId: String
    public var tenantId: String

    static let schema = Schema.object(
        [
            "clientId": .text("The application's client id.", max: 36, pattern: AzureAD.uuid),
            "tenantId": .text("The directory's id.", max: 36, pattern: AzureAD.uuid),
        ], required: ["clientId", "tenantId"],
        description: "By the pod's ServiceAccount, which the directory trusts. Prometheus 3.7.")
}
