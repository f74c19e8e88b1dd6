import Kube

/// The source of the availability zone of a receiver.
public struct ZoneSpec: Sendable, Hashable, Codable {
    /// The source of the zone: a case of ``Source``.
    public var from: String
    /// The key of the label or annotation that holds the zone.
    public var key: String?

    /// A source of zones.
    public enum Source: String, Sendable, Hashable, CaseIterable {
        /// A label of the node that runs the pod.
        case node
        /// An annotation of the pod.
        case annotation
        /// The zone in the EndpointSlices of the receivers' Service.
        case endpointSlice
        /// The name of the StatefulSet.
        case statefulSet
    }

    /// The source of the zone; nil if the schema does not allow the value.
    public var source: Source? { Source(rawValue: from) }

    /// The label of the node that holds the zone. Defaults to `topology.kubernetes.io/zone`.
    public var nodeLabel: String { key ?? "topology.kubernetes.io/zone" }

    static let rules: [CheckedRule<ZoneSpec>] = [
        CheckedRule(
            "self.from != 'annotation' || has(self.key)",
            "should name the annotation that holds the zone", at: "key"
        ) { $0.source != .annotation || $0.key != nil },
        CheckedRule(
            "!has(self.key) || self.from == 'annotation' || self.from == 'node'",
            "requires \"from\" to be node or annotation", at: "key"
        ) { $0.key == nil || $0.source == .annotation || $0.source == .node },
    ]

    static let schema = Schema.object(
        [
            "from": .choice(
                """
                The source of the zone. node: a label of the node that runs the pod; requires the permission to \
                watch nodes. endpointSlice: the zone in the EndpointSlices of the receivers' Service, which is \
                that of the node; requires no permission outside of the namespace. annotation: an annotation of \
                the pod. statefulSet: the name of the StatefulSet, if each zone has its own.
                """, Source.allCases.map(\.rawValue)),
            "key": .text(
                """
                The key of the label or annotation that holds the zone. Takes effect with node and annotation. \
                Defaults to topology.kubernetes.io/zone for node; required for annotation.
                """, max: 316,
                pattern: LabelSyntax.keyPattern),
        ], required: ["from"],
        description: """
            Spreads the copies of each sample over availability zones. A receiver whose zone is unknown does \
            not join, except for the first file, which receivers need to start. A member keeps its zone \
            until a new one is known. Defaults to no zones.
            """
    ).with(rules: rules)
}
