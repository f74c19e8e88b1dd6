import Hashring
import Kube
import Receivers

/// The observed receivers of one hashring.
struct HashringReceivers {
    /// Each replica that a StatefulSet wants, and each pod that exists but is no longer wanted.
    private(set) var replicas: [Membership.Replica] = []

    private let options: DropInOptions
    /// The receivers in the base file, by address.
    private let base: [String: Endpoint]
    /// The published zones by address.
    private let zones: [String: String]

    init(
        ring: Hashring, sets: [LabelledReceiverSet], published: [Endpoint], inputs: HashringFileInputs,
        options: DropInOptions
    ) {
        self.options = options
        base = Dictionary(ring.endpoints.map { ($0.address, $0) }) { first, _ in first }
        zones = Dictionary(published.compactMap { endpoint in endpoint.zone.map { (endpoint.address, $0) } }) {
            first, _ in first
        }
        let reader = ReplicaReader(
            clusterDomain: options.clusterDomain, port: options.port, unreadySince: inputs.unreadySince,
            now: inputs.now)
        let pods = Dictionary(grouping: inputs.pods, by: \.statefulSet)
        for set in sets {
            replicas += reader.replicas(of: set.receivers, pods: pods[set.key.name] ?? []) { replica, pod in
                complete(&replica.endpoint, pod, set)
            }
        }
    }

    /// Adds the zone of a receiver, and what else the base file has for it.
    private func complete(_ endpoint: inout Endpoint, _ pod: ReceiverPod?, _ set: LabelledReceiverSet) {
        let known = base[endpoint.address]
        endpoint.capnprotoAddress = known?.capnprotoAddress
        endpoint.remainder = known?.remainder ?? [:]
        endpoint.zone = zone(endpoint.address, pod, set)
    }

    /// The zone: the annotation's; for a pod that does not exist the published one, so that it does not move while it
    /// restarts; else the name of the StatefulSet.
    private func zone(_ address: String, _ pod: ReceiverPod?, _ set: LabelledReceiverSet) -> String? {
        guard options.usesZones else { return nil }
        guard let key = options.zoneAnnotation else { return set.key.name }
        if let zone = pod?.annotations[key], !zone.isEmpty { return zone }
        return zones[address] ?? set.key.name
    }
}
