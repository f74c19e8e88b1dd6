import Kube

/// Where the availability zone of a receiver comes from.
public struct ZoneSpec: Sendable, Hashable, Codable {
    public var from: String
    public var key: String?

    /// A source of zones.
    public enum Source: String, Sendable, Hashable, CaseIterable {
        /// A label of the node that the receiver's pod runs on.
        case node
        /// An annotation of the receiver's pod.
        case annotation
        /// What the EndpointSlices of the receivers' Service say of the pod.
        case endpointSlice
        /// The name of the receiver's StatefulSet.
        case statefulSet
    }

    /// Where the zone is read; nil for a word that the schema does not have.
    public var source: Source? { Source(rawValue: from) }

    /// The node's label, `topology.kubernetes.io/zone` unless the specification names another.
    public var nodeLabel: String { key ?? "topology.kubernetes.io/zone" }

    static let rules: [CheckedRule<ZoneSpec>] = [
        CheckedRule(
            "self.from != 'annotation' || has(self.key)",
            "should name the annotation of the pods that the zone is read from", at: "key"
        ) { $0.source != .annotation || $0.key != nil },
        CheckedRule(
            "!has(self.key) || self.from == 'annotation' || self.from == 'node'",
            "should be absent unless \"from\" is node or annotation: nothing else has keys", at: "key"
        ) { $0.key == nil || $0.source == .annotation || $0.source == .node },
    ]

    static let schema = Schema.object(
        [
            "from": .choice(
                """
                Where the zone is read: node takes a label of the node that the pod runs on, and needs the permission to \
                watch nodes; endpointSlice what the EndpointSlices of the receivers' Service say of the pod, which is the \
                node's zone too and needs no permission beyond the namespace; annotation an annotation of the pod; \
                statefulSet the StatefulSet's name, for one StatefulSet in each zone.
                """, Source.allCases.map(\.rawValue)),
            "key": .text(
                """
                The label or annotation that holds the zone. Takes effect with node and annotation. Defaults to \
                topology.kubernetes.io/zone for node; needed for annotation.
                """, max: 316,
                pattern: "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$"),
        ], required: ["from"],
        description: """
            Spreads the copies of a sample over availability zones. A receiver whose zone is not known does not join, \
            but for a first file, which receivers wait for to start; a member keeps its zone for as long as a new one \
            is not known. Defaults to none: zones play no part.
            """
    ).with(rules: rules)
}
