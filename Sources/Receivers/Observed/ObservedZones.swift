public import Kube

/// Which availability zones nodes and endpoints are in, as far as hashrings ask for them.
public struct ObservedZones: Sendable, Hashable {
    /// The zone of each node, by the label that says so.
    private var nodes: [String: [String: String]] = [:]
    /// What the EndpointSlices of each Service say.
    private var services: [ObjectKey: [ObjectKey: EndpointZones]] = [:]

    /// Nothing is known.
    public init() {}

    /// Takes in the value of a node's label, or its absence.
    public mutating func set(_ zone: String?, ofNode node: String, label: String) {
        nodes[label, default: [:]][node] = zone
        if nodes[label]?.isEmpty == true { nodes[label] = nil }
    }

    /// Takes in an EndpointSlice of a Service, or its absence.
    public mutating func set(_ slice: EndpointZones?, for key: ObjectKey, of service: String) {
        let service = ObjectKey(namespace: key.namespace, name: service)
        services[service, default: [:]][key] = slice
        if services[service]?.isEmpty == true { services[service] = nil }
    }

    /// The zone of a node by a label.
    public func zone(ofNode node: String, label: String) -> String? { nodes[label]?[node] }

    /// The zone of a pod by the EndpointSlices of a Service; of several that name it, the first by name counts.
    public func zone(ofPod pod: String, behind service: ObjectKey) -> String? {
        let slices = (services[service] ?? [:]).filter { $0.value.zones[pod] != nil }
        return slices.min { $0.key < $1.key }?.value.zones[pod]
    }
}

/// An EndpointSlice, reduced to the zones of the pods that it names.
public struct EndpointZones: Sendable, Hashable {
    /// The Service that the slice belongs to.
    public var service: String
    /// The zones by the pods' names.
    public var zones: [String: String]

    /// The label that names a slice's Service.
    public static let serviceLabel = "kubernetes.io/service-name"

    /// Reads an EndpointSlice; nil where it is none of a Service.
    public init?(_ object: Object) {
        guard object.kind == Resource.endpointSlices.kind, let service = object.labels[Self.serviceLabel] else {
            return nil
        }
        self.service = service
        zones = [:]
        for endpoint in object.json["endpoints"]?.array ?? [] {
            // A StatefulSet's pod has its own name for its host name.
            let isPod = endpoint["targetRef", "kind"]?.string == Resource.pods.kind
            let pod = isPod ? endpoint["targetRef", "name"]?.string : endpoint["hostname"]?.string
            if let pod, let zone = endpoint["zone"]?.string { zones[pod] = zone }
        }
    }
}
