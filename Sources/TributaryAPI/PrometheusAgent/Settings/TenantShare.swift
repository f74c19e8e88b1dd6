import Kube

/// A tenant that an agent writes for, with the namespaces whose series belong to it.
public struct TenantShare: Sendable, Hashable, Codable {
    /// The name of the Tenant.
    public var name: String
    /// The namespace of the Tenant.
    public var namespace: String?
    /// The namespaces whose series belong to the tenant.
    public var namespaces: [String]

    static let schema = Schema.object(
        [
            "name": .objectName("The name of the Tenant."),
            "namespace": .namespaceName("The namespace of the Tenant. Defaults to the namespace of the agent."),
            "namespaces": .set(
                of: .namespaceName("A namespace."), max: 64,
                """
                The namespaces whose series belong to the tenant. The label that tenantNamespaceLabel names \
                determines the namespace of a series.
                """
            ).with { $0.minItems = 1 },
        ], required: ["name", "namespaces"], description: "A tenant and the namespaces whose series belong to it.")
}
