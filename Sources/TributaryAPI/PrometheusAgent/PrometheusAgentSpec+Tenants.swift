import Kube

extension PrometheusAgentSpec {
    /// The schemas of the fields of an agent for several tenants.
    static let tenantProperties: Schema.Properties = [
        "tenantRefs": .list(
            of: TenantShare.schema, max: 64,
            """
            The tenants to write for. Each gets only the series of its own namespaces, under its own label, \
            header and URL. Each adds a remoteWrite entry named tenant/NAMESPACE/NAME; it is merged with the \
            entry of that name or, if there is none, with the entry named tenant. Excludes tenantRef.
            """
        ).with { $0.minItems = 1 },
        "tenantNamespaceLabel": .text(
            """
            The label of a series that holds its namespace and, with tenantRefs, determines its tenant. \
            Targets of monitors get it from the namespace of their monitor, whatever they set. Defaults to \
            namespace.
            """, max: 128, pattern: LabelNameSyntax.pattern),
    ]
}

extension PrometheusAgent {
    /// The tenants of `tenantRefs`, each with the share of the series that belongs to it.
    public var tenantShares: [(tenant: ObjectKey, share: TenantShare)] {
        (spec.tenantRefs ?? []).map { share in
            (ObjectKey(namespace: share.namespace ?? metadata.namespace ?? "default", name: share.name), share)
        }
    }

    /// The tenants that the agent depends on.
    public var tenantKeys: [ObjectKey] { (tenantKey.map { [$0] } ?? []) + tenantShares.map(\.tenant) }

    /// The label of a series that holds its namespace and, with `tenantRefs`, determines its tenant.
    public var tenantNamespaceLabel: String { spec.tenantNamespaceLabel ?? "namespace" }
}
