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
