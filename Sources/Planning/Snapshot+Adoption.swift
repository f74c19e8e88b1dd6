public import Kube
import TributaryAPI

/// A hashring that adopts receivers: where to look for them.
public struct AdoptedRing: Sendable, Hashable {
    /// The ring's name.
    public var name: String
    /// The namespaces to look in.
    public var namespaces: [String]
    /// The labels of the StatefulSets.
    public var selector: LabelSelector
}

extension Snapshot {
    /// The hashrings of a global view that adopt receivers.
    public func adoptedRings(of view: ObjectKey) -> [AdoptedRing] {
        (globalViews[view]?.spec.thanos?.hashrings ?? []).compactMap { ring in
            ring.adopt.map {
                AdoptedRing(name: ring.name, namespaces: $0.namespaces ?? [view.namespace], selector: $0.selector)
            }
        }
    }

    /// The global views with a hashring that adopts a StatefulSet.
    public func viewsAdopting(_ set: ReceiverSet) -> [ObjectKey] {
        globalViews.keys.filter { view in
            adoptedRings(of: view).contains {
                $0.namespaces.contains(set.key.namespace) && $0.selector.matches(set.labels)
            }
        }
    }
}
