public import Kube
public import TributaryAPI

/// Gateways: how plans look up what they need, and what a change of it concerns.
extension Snapshot {
    // MARK: - Reading

    /// Whether the API server serves a kind that not every cluster has; nil while that is unknown.
    package func serves(_ resource: Resource) -> Bool? {
        servedKinds[resource] ?? (monitoring.isWatched ? nil : true)
    }

    // MARK: - What a change concerns

    /// Whether a kind is served concerns the views that ask for an object of that kind, and their tenants if these get it.
    mutating func takeKind(_ resource: Resource, isServed: Bool) -> Set<PlanKey> {
        guard servedKinds[resource] != isServed else { return [] }
        servedKinds[resource] = isServed
        let views = globalViews.keys.filter { globalViews[$0]?.asks(for: resource) == true }
        guard resource == .grafanaDatasources else { return Set(views.map(PlanKey.globalView)) }
        return Set(views.flatMap { tenantKeys(of: $0).map(PlanKey.tenant) })
    }
}

extension GlobalView {
    /// Whether the view asks for an object of a kind that not every cluster serves.
    public func asks(for resource: Resource) -> Bool {
        switch resource {
        case .httpRoutes: spec.httpRoute != nil
        case .grafanaDatasources: createsGrafanaDatasources
        case .certificates: spec.thanos?.tls?.certificate != nil
        default: false
        }
    }
}
