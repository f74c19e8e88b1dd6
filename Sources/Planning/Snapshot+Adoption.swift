public import Kube
public import Receivers
import TributaryAPI

/// Receivers of a hashring: where to look for them.
public struct AdoptedRing: Sendable, Hashable {
    /// The ring's name; empty for receivers of any ring that Tributary runs or has run.
    public var name: String
    /// The namespaces to look in.
    public var namespaces: [String]
    /// The labels of the StatefulSets.
    public var selector: LabelSelector

    /// Whether a StatefulSet has receivers of the ring.
    func selects(_ set: ReceiverSet) -> Bool {
        namespaces.contains(set.key.namespace) && selector.matches(set.labels)
    }
}

extension AdoptedRing {
    /// Receivers that a hashring adopts, by default beside its global view.
    init(_ name: String, _ adopt: AdoptSpec, in namespace: String) {
        self.init(name: name, namespaces: adopt.namespaces ?? [namespace], selector: adopt.selector)
    }
}

extension Snapshot {
    /// Where the receivers of a global view are: those that hashrings adopt, by their selectors, and those that Tributary
    /// runs, by the labels that it gives them. The latter are looked for at all times, since those of rings that are no
    /// more in the specification have to go.
    public func adoptedRings(of view: ObjectKey) -> [AdoptedRing] {
        guard let thanos = globalViews[view]?.spec.thanos else { return [] }
        let selector = ReceiverNames.receiverSelector(of: view.name)
        var rings = [AdoptedRing(name: "", namespaces: [view.namespace], selector: selector)]
        for ring in thanos.hashrings ?? [] {
            if let adopt = ring.adopt {
                rings.append(AdoptedRing(ring.name, adopt, in: view.namespace))
            } else {
                var selector = selector
                selector.matchLabels?[Names.hashringLabel] = ring.name
                rings.append(AdoptedRing(name: ring.name, namespaces: [view.namespace], selector: selector))
            }
        }
        return rings
    }

    /// The global views that a StatefulSet has receivers of.
    public func viewsAdopting(_ set: ReceiverSet) -> [ObjectKey] {
        globalViews.keys.filter { view in
            adoptedRings(of: view).contains { $0.selects(set) }
        }
    }
}
