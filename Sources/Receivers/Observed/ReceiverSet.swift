import Hashring
public import Kube

/// A StatefulSet of Thanos receivers, reduced to what decides hashring membership.
public struct ReceiverSet: Sendable, Hashable {
    /// Its namespace and name.
    public var key: ObjectKey
    /// Its labels, by which hashrings select it.
    public var labels: [String: String]
    /// The replicas asked for, from 0 to ``mostReplicas``. Kubernetes defaults to 1.
    public var replicas: Int
    /// The field managers that have set the replicas: none if they are Kubernetes's default, nil if the object does not say,
    /// as in a file.
    public var scalers: Set<String>?
    /// The governing headless Service, part of each pod's stable DNS name.
    public var serviceName: String
    /// The selector of its pods. It selects no pod if the StatefulSet's own is absent, empty or cannot be read.
    public var podSelector: LabelSelector
    /// The first ordinal, 0 unless `spec.ordinals.start` says otherwise.
    public var firstOrdinal: Int
    /// Whether it is being deleted.
    public var isBeingDeleted: Bool
    /// Whether its deletion leaves its pods running (`kubectl delete --cascade=orphan`), as before it is recreated.
    public var orphansPods: Bool
    /// The arguments of its receivers; nil if they cannot be read.
    public var flags: ReceiverFlags?

    /// More replicas than this are taken for a mistake: such a hashring would hardly fit into a ConfigMap, and anyone
    /// who may scale one StatefulSet could exhaust the memory of the planner of all tenants.
    public static let mostReplicas = 5000

    /// A StatefulSet that Tributary runs, as it should be, whether or not it exists.
    public init(key: ObjectKey, labels: [String: String], replicas: Int) {
        self.key = key
        self.labels = labels
        self.replicas = min(max(0, replicas), Self.mostReplicas)
        serviceName = key.name
        podSelector = Self.selectingNothing
        firstOrdinal = 0
        isBeingDeleted = false
        orphansPods = false
    }

    /// Reads a StatefulSet; nil if the object is of another kind, or has no replicas that an API server would accept.
    public init?(_ object: Object) {
        guard object.kind == Resource.statefulSets.kind, !object.name.isEmpty, let spec = object.json["spec"],
            let replicas = Self.replicas(spec["replicas"])
        else { return nil }
        key = object.key
        labels = object.labels
        self.replicas = replicas
        scalers = object.json["metadata", "managedFields"]?.array.map { entries in
            Set(entries.filter { $0["fieldsV1", "f:spec", "f:replicas"] != nil }.compactMap { $0["manager"]?.string })
        }
        serviceName = spec["serviceName"]?.string ?? object.name
        podSelector = Self.selector(spec["selector"])
        firstOrdinal = min(max(0, spec["ordinals", "start"]?.int ?? 0), PodName.largestOrdinal - Self.mostReplicas)
        isBeingDeleted = object.isBeingDeleted
        orphansPods = object.json["metadata", "finalizers"]?.array?.contains("orphan") ?? false
        flags = ReceiverFlags(object)
    }

    /// The ordinals of its replicas.
    public var ordinals: Range<Int> { firstOrdinal..<(firstOrdinal + replicas) }

    /// The ordinals of the pods that should exist: none once it is deleted together with its pods.
    public var wantedOrdinals: Range<Int> {
        isBeingDeleted && !orphansPods ? firstOrdinal..<firstOrdinal : ordinals
    }

    /// The host name of its Service by which its receivers find themselves in a hashring file, from their arguments; nil if
    /// these do not name that Service and this port.
    public func ownServiceHost(port: Int) -> String? {
        let (pod, end) = ("\(key.name)-\(firstOrdinal).", ":\(port)")
        guard let address = flags?.known("receive.local-endpoint"), address.hasPrefix(pod), address.hasSuffix(end)
        else { return nil }
        let host = address.dropFirst(pod.utf8.count).dropLast(end.utf8.count)
        let service = "\(serviceName).\(key.namespace)"
        return host == service || host == service + ".svc" || host.hasPrefix(service + ".svc.") ? String(host) : nil
    }

    /// The replicas asked for; nil for a value that an API server would refuse. To read it as the default would take
    /// receivers out of their hashring.
    private static func replicas(_ value: JSON?) -> Int? {
        guard let value, !value.isNull else { return 1 }
        guard let replicas = value.int, replicas >= 0 else { return nil }
        return min(replicas, mostReplicas)
    }

    /// The selector of the pods. An empty one would select every pod of the namespace, and API servers refuse it for
    /// StatefulSets. Selecting nothing is the safe way to read what is wrong: pods of others are never looked at, and
    /// published receivers stay for as long as missing ones may.
    private static func selector(_ value: JSON?) -> LabelSelector {
        guard let selector = value.flatMap({ try? $0.decode(LabelSelector.self) }),
            selector.matchLabels?.isEmpty == false || selector.matchExpressions?.isEmpty == false
        else { return selectingNothing }
        return selector
    }

    /// A selector that API servers accept and that no labels meet.
    private static let selectingNothing = LabelSelector(matchExpressions: [
        .init(key: "tributary.dev/none", operator: .exists), .init(key: "tributary.dev/none", operator: .doesNotExist),
    ])
}
