import Kube

extension PrometheusAgentSpec {
    /// The schemas of an agent for several tenants.
    static let tenantProperties: Schema.Properties = [
        "tenantRefs": .list(
            of: TenantShare.schema, max: 64,
            """
            The tenants of which each gets the series of its own namespaces and no others', under its own label, header \
            and URL. Each gives a remoteWrite entry named tenant/NAMESPACE/NAME; an entry of that name, or else the one \
            named tenant, is merged with it. Excludes tenantRef.
            """
        ).with { $0.minItems = 1 },
        "tenantNamespaceLabel": .text(
            """
            The label of series that says which namespace, and with tenantRefs which tenant, they belong to. Monitors' \
            targets get it from their monitor's namespace, whatever they say. Defaults to namespace.
            """, max: 128, pattern: "^[a-zA-Z_][a-zA-Z0-9_]*$"),
    ]
}

extension PrometheusAgent {
    /// The tenants that the agent writes for, with what of its series is theirs.
    public var tenantShares: [(tenant: ObjectKey, share: TenantShare)] {
        (spec.tenantRefs ?? []).map { share in
            (ObjectKey(namespace: share.namespace ?? metadata.namespace ?? "default", name: share.name), share)
        }
    }

    /// The tenants that the agent depends on.
    public var tenantKeys: [ObjectKey] { (tenantKey.map { [$0] } ?? []) + tenantShares.map(\.tenant) }

    /// The label of series that says which tenant they belong to, where there are several.
    public var tenantNamespaceLabel: String { spec.tenantNamespaceLabel ?? "namespace" }
}
