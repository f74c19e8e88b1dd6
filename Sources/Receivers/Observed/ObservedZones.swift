public import Kube

/// The availability zones of nodes and endpoints, as far as hashrings use them.
public struct ObservedZones: Sendable, Hashable {
    /// The zone of each node, by the label that has it.
    private var nodes: [String: [String: String]] = [:]
    /// The EndpointSlices of each Service.
    private var services: [ObjectKey: [ObjectKey: EndpointZones]] = [:]

    /// No zones.
    public init() {}

    /// Stores the value of a label of a node; nil removes it.
    public mutating func set(_ zone: String?, ofNode node: String, label: String) {
        nodes[label, default: [:]][node] = zone
        if nodes[label]?.isEmpty == true { nodes[label] = nil }
    }

    /// Stores an EndpointSlice of a Service; nil removes it.
    public mutating func set(_ slice: EndpointZones?, for key: ObjectKey, of service: String) {
        let service = ObjectKey(namespace: key.namespace, name: service)
        services[service, default: [:]][key] = slice
        if services[service]?.isEmpty == true { services[service] = nil }
    }

    /// The zone of a node by a label.
    public func zone(ofNode node: String, label: String) -> String? { nodes[label]?[node] }

    /// The zone of a pod by the EndpointSlices of a Service. If several name the pod, the first by name counts.
    public func zone(ofPod pod: String, behind service: ObjectKey) -> String? {
        let slices = (services[service] ?? [:]).filter { $0.value.zones[pod] != nil }
        return slices.min { $0.key < $1.key }?.value.zones[pod]
    }
}

/// An EndpointSlice, reduced to the zones of its pods.
public struct EndpointZones: Sendable, Hashable {
    /// The Service that the slice belongs to.
    public var service: String
    /// The zones by pod name.
    public var zones: [String: String]

    /// The label that names the Service of a slice.
    public static let serviceLabel = "kubernetes.io/service-name"

    /// Reads an EndpointSlice; nil if it does not belong to a Service.
    public init?(_ object: Object) {
        guard object.kind == Resource.endpointSlices.kind, let service = object.labels[Self.serviceLabel] else {
            return nil
        }
        self.service = service
        zones = [:]
        for endpoint in object.json["endpoints"]?.array ?? [] {
            // The host name of a StatefulSet's pod is its own name.
            let isPod = endpoint["targetRef", "kind"]?.string == Resource.pods.kind
            let pod = isPod ? endpoint["targetRef", "name"]?.string : endpoint["hostname"]?.string
            if let pod, let zone = endpoint["zone"]?.string { zones[pod] = zone }
        }
    }
}
