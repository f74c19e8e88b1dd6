import Kube

/// Authentication with Microsoft Entra ID: prometheus-operator's AzureAD.
public struct AzureAD: Sendable, Hashable, Codable {
    /// The Azure cloud.
    public var cloud: String?
    /// Authenticates as the managed identity of the machine.
    public var managedIdentity: AzureManagedIdentity?
    /// Authenticates as a registered application with a client secret.
    public var oauth: AzureOAuth?
    /// Authenticates with the credentials that the Azure SDK finds in the environment of the container.
    public var sdk: AzureSDK?
    /// Authenticates as the ServiceAccount of the pod, which the directory trusts.
    public var workloadIdentity: AzureWorkloadIdentity?
    /// The scope of the token.
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
                "The Azure cloud. Defaults to AzurePublic.", ["AzureChina", "AzureGovernment", "AzurePublic"]),
            "managedIdentity": AzureManagedIdentity.schema,
            "oauth": AzureOAuth.schema,
            "sdk": AzureSDK.schema,
            "workloadIdentity": AzureWorkloadIdentity.schema,
            "scope": .text(
                "The scope of the token. Defaults to the monitoring scope of the cloud. Requires Prometheus >= 3.9.",
                max: 1024,
                pattern: #"^[\w\s:/.\\-]+$"#),
        ],
        description:
            """
            Authentication with Microsoft Entra ID. Excludes the other authentication methods. Requires \
            Prometheus >= 2.45.
            """
    ).with(rules: rules)

    fileprivate static let uuid =
        "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
}

/// Authentication as the managed identity of the machine.
public struct AzureManagedIdentity: Sendable, Hashable, Codable {
    /// The client ID of a user-assigned identity.
    public var clientId: String?

    static let schema = Schema.object(
        [
            "clientId": .text(
                """
                The client ID of a user-assigned identity. Defaults to the system-assigned identity, which \
                requires Prometheus >= 3.5.
                """,
                max: 256)
        ], description: "Authenticates as the managed identity of the machine.")
}

/// Authentication as a registered application with a client secret.
public struct AzureOAuth: Sendable, Hashable, Codable {
    /// The client ID of the application.
    public var clientId: String
    /// The Secret key with the client secret.
    public var clientSecret: KeySelector
    /// The tenant ID of the directory.
    public var tenantId: String

    static let schema = Schema.object(
        [
            "clientId": .text("The client ID of the application.", max: 36, pattern: AzureAD.uuid),
            "clientSecret": KeySelector.schema("The Secret key with the client secret."),
            "tenantId": .text("The tenant ID of the directory.", max: 256, pattern: "^[0-9a-zA-Z-.]+$"),
        ], required: ["clientId", "clientSecret", "tenantId"],
        description: "Authenticates as a registered application with a client secret. Requires Prometheus >= 2.48.")
}

/// Authentication with the credentials that the Azure SDK finds in the environment.
public struct AzureSDK: Sendable, Hashable, Codable {
    /// The tenant ID of the directory.
    public var tenantId: String?

    static let schema = Schema.object(
        ["tenantId": .text("The tenant ID of the directory.", max: 256, pattern: "^[0-9a-zA-Z-.]+$")],
        description: """
            Authenticates with the credentials that the Azure SDK finds in the environment of the container. \
            Requires Prometheus >= 2.52.
            """)
}

/// Authentication as the ServiceAccount of the pod, which the directory trusts.
public struct AzureWorkloadIdentity: Sendable, Hashable, Codable {
    /// The client ID of the application.
    public var clientId: String
    /// The tenant ID of the directory.
    public var tenantId: String

    static let schema = Schema.object(
        [
            "clientId": .text("The client ID of the application.", max: 36, pattern: AzureAD.uuid),
            "tenantId": .text("The tenant ID of the directory.", max: 36, pattern: AzureAD.uuid),
        ], required: ["clientId", "tenantId"],
        description:
            "Authenticates as the ServiceAccount of the pod, which the directory trusts. Requires Prometheus >= 3.7.")
}
