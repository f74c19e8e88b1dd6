public import Kube
import Receivers
import TributaryAPI

/// A watch that hashrings need: of StatefulSets, of their pods, or of what tells the zones.
public struct ReceiverScope: Sendable, Hashable {
    /// The kind of the objects.
    public var resource: Resource
    /// The namespace of the objects; nil for kinds without namespaces.
    public var namespace: String?
    /// The labels of the objects, in the syntax of `kubectl -l`.
    public var labelSelector: String

    /// Whether the objects are pods of routers.
    public var isRouters: Bool { resource == .pods && labelSelector.contains("=\(ThanosNames.routerComponent)") }

    /// The label of nodes that zones are read from; nil for other kinds.
    public var nodeLabel: String? { resource == .nodes ? labelSelector : nil }

    /// The namespace in words.
    package var place: String { namespace.map { "in namespace \"\($0)\"" } ?? "in the whole cluster" }
}

extension Snapshot {
    /// The watches that the hashrings of a global view need, as far as the snapshot tells.
    public func scopes(of view: ObjectKey) -> Set<ReceiverScope> {
        var scopes = receiverSelectors(of: view).reduce(into: Set()) { $0.formUnion(self.scopes(of: $1, in: view)) }
        if mayHaveRouters(view) {
            scopes.insert(
                ReceiverScope(
                    resource: .pods, namespace: view.namespace,
                    labelSelector: ThanosNames.routerSelector(of: view.name).queryValue))
        }
        return scopes
    }

    /// The watches that one hashring needs.
    package func scopes(of selector: ReceiverSelector, in view: ObjectKey) -> Set<ReceiverScope> {
        var scopes: Set<ReceiverScope> = []
        for namespace in selector.namespaces {
            scopes.insert(
                ReceiverScope(
                    resource: .statefulSets, namespace: namespace, labelSelector: selector.selector.queryValue))
        }
        let zone = zoneSpec(of: selector.hashring, in: view)
        if let zone, zone.source == .node {
            scopes.insert(ReceiverScope(resource: .nodes, namespace: nil, labelSelector: zone.nodeLabel))
        }
        for set in receiverSets.values where selector.selects(set) {
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

    /// Where the hashring of a view reads zones from; nil if it does not read any.
    func zoneSpec(of hashring: String, in view: ObjectKey) -> ZoneSpec? {
        globalViews[view]?.spec.thanos?.hashrings?.first { $0.name == hashring }?.membership?.zone
    }

    /// Whether a global view has routers: it asks for them, or managed receivers are still there.
    private func mayHaveRouters(_ view: ObjectKey) -> Bool {
        guard let thanos = globalViews[view]?.spec.thanos else { return false }
        let selector = ThanosNames.receiverSelector(of: view.name)
        return thanos.hasRouter
            || receiverSets.values.contains { $0.key.namespace == view.namespace && selector.matches($0.labels) }
    }
}
