public import Kube
public import TributaryAPI

/// Gateways: how plans look up what they need, and what a change of it concerns.
extension Snapshot {
    // MARK: - Reading

    /// The pods of a global view's gateway, in no order.
    package func gatewayPods(of view: ObjectKey) -> [GatewayPod] { gatewayPods.values.filter { $0.viewKey == view } }

    /// Whether the API server serves a kind that not every cluster has; nil while that is unknown.
    package func serves(_ resource: Resource) -> Bool? {
        servedKinds[resource] ?? (monitoring.isWatched ? nil : true)
    }

    // MARK: - What a change concerns

    /// A pod of a gateway concerns its view.
    mutating func takeGatewayPod(_ pod: GatewayPod?, _ key: ObjectKey) -> Set<PlanKey> {
        let old = gatewayPods[key]
        gatewayPods[key] = pod
        return Set([old, pod].compactMap { $0.map { .globalView($0.viewKey) } })
    }

    /// A tenant's credential concerns its view, if that has a gateway, and the tenant, whose status shows its age.
    mutating func takeTenantCredential(
        _ credential: TenantCredential?, _ purpose: CredentialPurpose, of tenant: ObjectKey
    ) -> Set<PlanKey> {
        guard credentials[tenant]?[purpose] != credential else { return [] }
        credentials[tenant, default: [:]][purpose] = credential
        if credentials[tenant]?.isEmpty == true { credentials[tenant] = nil }
        guard let view = tenants[tenant]?.globalViewKey else { return [] }
        return globalViews[view]?.spec.gateway == nil ? [.tenant(tenant)] : [.tenant(tenant), .globalView(view)]
    }

    /// Whether a kind is served concerns the views that ask for an object of that kind.
    mutating func takeKind(_ resource: Resource, isServed: Bool) -> Set<PlanKey> {
        guard servedKinds[resource] != isServed else { return [] }
        servedKinds[resource] = isServed
        return Set(globalViews.keys.filter { globalViews[$0]?.asks(for: resource) == true }.map(PlanKey.globalView))
    }
}

extension GlobalView {
    /// Whether the view asks for an object of a kind that not every cluster serves.
    public func asks(for resource: Resource) -> Bool { resource == .httpRoutes && spec.httpRoute != nil }
}
