import Kube

/// One of several tenants that an agent writes for, and whose series are its own.
public struct TenantShare: Sendable, Hashable, Codable {
    public var name: String
    public var namespace: String?
    public var namespaces: [String]

    static let schema = Schema.object(
        [
            "name": .objectName("The Tenant's name."),
            "namespace": .namespaceName("Its namespace. Defaults to the namespace of the agent."),
            "namespaces": .set(
                of: .namespaceName("A namespace."), max: 64,
                "The namespaces whose series are the tenant's, by the label that tenantNamespaceLabel names."
            ).with { $0.minItems = 1 },
        ], required: ["name", "namespaces"], description: "A tenant and the namespaces whose series are its own.")
}
