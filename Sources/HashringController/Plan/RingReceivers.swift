import Hashring
import Kube
import Receivers

/// The receivers of one ring, as membership looks at them.
struct RingReceivers {
    /// Since when wanted pods have been missing or on their way out.
    private(set) var missingSince: [String: Timestamp] = [:]

    private let options: RingOptions
    private let inputs: RingInputs
    private let pods: [String: [ReceiverPod]]
    /// What the base file says of receivers beside their address and zone.
    private let base: [String: Endpoint]
    private let zones: [String: String]

    init(ring: Hashring, published: [Endpoint], inputs: RingInputs, options: RingOptions) {
        self.options = options
        self.inputs = inputs
        pods = Dictionary(grouping: inputs.pods, by: \.statefulSet)
        base = Dictionary(ring.endpoints.map { ($0.address, $0) }) { first, _ in first }
        zones = Dictionary(published.compactMap { endpoint in endpoint.zone.map { (endpoint.address, $0) } }) {
            first, _ in first
        }
    }

    /// Each replica that a StatefulSet wants, and each pod that is there though it is wanted no more.
    mutating func replicas(of set: RingSet) -> [Membership.Replica] {
        let own = pods[set.key.name] ?? []
        let byName = Dictionary(own.map { ($0.key.name, $0) }) { first, _ in first }
        let wanted = set.wanted
        let names = Set(wanted)
        let present = wanted.enumerated().map { offset, name in
            replica(name, set.receivers.firstOrdinal + offset, isWanted: true, byName[name], set)
        }
        let extra = own.filter { !names.contains($0.key.name) }.sorted { $0.ordinal < $1.ordinal }
        return present + extra.map { replica($0.key.name, $0.ordinal, isWanted: false, $0, set) }
    }

    private mutating func replica(
        _ name: String, _ ordinal: Int, isWanted: Bool, _ pod: ReceiverPod?, _ set: RingSet
    ) -> Membership.Replica {
        let changed = pod?.readinessChanged.flatMap { Timestamp($0) }
        var unreadySince = pod?.isReady == false ? changed : nil
        if isWanted, pod?.isTerminating ?? true {
            // No pod tells since when it has been gone.
            let since = inputs.missingSince[name] ?? inputs.now
            missingSince[name] = since
            unreadySince = since
        }
        return Membership.Replica(
            endpoint: endpoint(name, pod, set), pod: name, statefulSet: set.key.description, ordinal: ordinal,
            isWanted: isWanted,
            // A kubelet that says nothing about the time is taken to mean long ago.
            readySince: pod?.isReady == true ? changed ?? Timestamp(seconds: 0) : nil, unreadySince: unreadySince,
            isTerminating: pod?.isTerminating ?? false)
    }

    private func endpoint(_ name: String, _ pod: ReceiverPod?, _ set: RingSet) -> Endpoint {
        let domain = options.clusterDomain.isEmpty ? "" : ".\(options.clusterDomain)"
        let host = "\(name).\(set.receivers.serviceName).\(options.namespace).svc\(domain)"
        let address = "\(host):\(options.port)"
        return Endpoint(
            address: address, capnprotoAddress: base[address]?.capnprotoAddress, zone: zone(address, pod, set),
            remainder: base[address]?.remainder ?? [:])
    }

    /// The zone: the annotation's; for a pod that is away what is published, so that it does not move while it
    /// restarts; else the StatefulSet's name.
    private func zone(_ address: String, _ pod: ReceiverPod?, _ set: RingSet) -> String? {
        guard options.usesZones else { return nil }
        guard let key = options.zoneAnnotation else { return set.key.name }
        if let zone = pod?.annotations[key], !zone.isEmpty { return zone }
        return zones[address] ?? set.key.name
    }
}
