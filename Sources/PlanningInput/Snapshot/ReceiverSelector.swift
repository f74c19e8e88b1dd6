package import Kube
package import Receivers
package import TributaryAPI

/// Selects the StatefulSets with the receivers of a hashring.
package struct ReceiverSelector: Sendable, Hashable {
    /// The hashring's name; empty for all managed hashrings of a view, including those that are no longer in its
    /// specification.
    package var hashring: String
    /// The namespaces of the StatefulSets.
    package var namespaces: [String]
    /// The labels of the StatefulSets.
    package var selector: LabelSelector

    /// Whether a StatefulSet has receivers of the hashring.
    package func selects(_ set: ReceiverSet) -> Bool {
        namespaces.contains(set.key.namespace) && selector.matches(set.labels)
    }

    init(hashring: String, namespaces: [String], selector: LabelSelector) {
        self.hashring = hashring
        self.namespaces = namespaces
        self.selector = selector
    }

    /// The receivers that a hashring of a view in a namespace adopts; by default they are in the same namespace.
    package init(_ hashring: String, _ adopt: AdoptSpec, in namespace: String) {
        self.init(hashring: hashring, namespaces: adopt.namespaces ?? [namespace], selector: adopt.selector)
    }
}

extension Snapshot {
    /// Selects the receivers of a global view: those that its hashrings adopt, by their selectors, and the managed ones by
    /// the labels that Tributary gives them. The latter are always selected, since receivers of a hashring that is no
    /// longer in the specification have to be removed.
    package func receiverSelectors(of view: ObjectKey) -> [ReceiverSelector] {
        guard let thanos = globalViews[view]?.spec.thanos else { return [] }
        let managed = ThanosNames.receiverSelector(of: view.name)
        var selectors = [ReceiverSelector(hashring: "", namespaces: [view.namespace], selector: managed)]
        for hashring in thanos.hashrings ?? [] {
            if let adopt = hashring.adopt {
                selectors.append(ReceiverSelector(hashring.name, adopt, in: view.namespace))
            } else {
                var selector = managed
                selector.matchLabels?[Names.hashringLabel] = hashring.name
                selectors.append(
                    ReceiverSelector(hashring: hashring.name, namespaces: [view.namespace], selector: selector))
            }
        }
        return selectors
    }
}
