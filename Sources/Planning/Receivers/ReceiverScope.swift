public import Kube
import Receivers
import TributaryAPI

/// Objects that have to be watched for a hashring: its StatefulSets, their pods, and what tells the zones.
public struct ReceiverScope: Sendable, Hashable {
    /// Their kind.
    public var resource: Resource
    /// Their namespace; nil for kinds that have none.
    public var namespace: String?
    /// Requirements on their labels, as `kubectl -l` takes them.
    public var labelSelector: String

    /// Whether the pods are those of routers.
    public var isRouters: Bool { resource == .pods && labelSelector.contains("=\(ReceiverNames.routerComponent)") }

    /// The label of nodes that the zone is read from.
    public var nodeLabel: String? { resource == .nodes ? labelSelector : nil }

    /// Where it is, for people.
    var place: String { namespace.map { "in namespace \"\($0)\"" } ?? "in the whole cluster" }
}

extension Snapshot {
    /// All that has to be watched for the hashrings of a global view, as far as it can be known yet.
    public func scopes(of view: ObjectKey) -> Set<ReceiverScope> {
        var scopes = adoptedRings(of: view).reduce(into: Set()) { $0.formUnion(self.scopes(of: $1, in: view)) }
        if hasRouters(view) {
            scopes.insert(
                ReceiverScope(
                    resource: .pods, namespace: view.namespace,
                    labelSelector: ReceiverNames.routerSelector(of: view.name).queryValue))
        }
        return scopes
    }

    /// The global views that need some objects watched.
    public func viewsNeeding(_ scope: ReceiverScope) -> [ObjectKey] {
        globalViews.keys.filter { view in
            if let label = scope.nodeLabel { return nodeLabels(of: view).contains(label) }
            return scopes(of: view).contains(scope)
        }
    }

    /// All that has to be watched for one hashring.
    func scopes(of ring: AdoptedRing, in view: ObjectKey) -> Set<ReceiverScope> {
        var scopes: Set<ReceiverScope> = []
        for namespace in ring.namespaces {
            scopes.insert(
                ReceiverScope(
                    resource: .statefulSets, namespace: namespace, labelSelector: ring.selector.queryValue))
        }
        let zone = globalViews[view]?.spec.thanos?.hashrings?.first { $0.name == ring.name }?.membership?.zone
        if let zone, zone.source == .node {
            scopes.insert(ReceiverScope(resource: .nodes, namespace: nil, labelSelector: zone.nodeLabel))
        }
        for set in receiverSets.values where ring.selects(set) {
            scopes.insert(
                ReceiverScope(
                    resource: .pods, namespace: set.key.namespace, labelSelector: set.podSelector.queryValue))
            guard zone?.source == .endpointSlice else { continue }
            scopes.insert(
                ReceiverScope(
                    resource: .endpointSlices, namespace: set.key.namespace,
                    labelSelector: "\(EndpointZones.serviceLabel)=\(set.serviceName)"))
        }
        return scopes
    }

    /// Whether a global view may have routers: it asks for them, or receivers of before are still there.
    private func hasRouters(_ view: ObjectKey) -> Bool {
        guard let thanos = globalViews[view]?.spec.thanos else { return false }
        let selector = ReceiverNames.receiverSelector(of: view.name)
        return thanos.hasRouter
            || receiverSets.values.contains { $0.key.namespace == view.namespace && selector.matches($0.labels) }
    }

    private func nodeLabels(of view: ObjectKey) -> Set<String> {
        let zones = (globalViews[view]?.spec.thanos?.hashrings ?? []).compactMap { $0.membership?.zone }
        return Set(zones.filter { $0.source == .node }.map(\.nodeLabel))
    }
}
