public import Hashring
public import Kube

/// Makes the replicas that ``Membership`` decides about from StatefulSets and their pods.
public struct ReplicaReader: Sendable {
    /// The DNS domain of the cluster; empty if addresses end at `.svc`.
    public var clusterDomain: String
    /// The gRPC port of the receivers.
    public var port: Int
    /// Since when pods have not been ready, by name, as far as earlier decisions noted it. A pod that is gone cannot
    /// say so.
    public var unreadySince: [String: Timestamp]
    /// The present.
    public var now: Timestamp

    /// A reader of the receivers of one hashring.
    public init(clusterDomain: String, port: Int, unreadySince: [String: Timestamp], now: Timestamp) {
        self.clusterDomain = clusterDomain
        self.port = port
        self.unreadySince = unreadySince
        self.now = now
    }

    /// Each replica that a StatefulSet wants, by ordinal, and then each of its pods that is no longer wanted.
    ///
    /// `pods` are the pods of this StatefulSet, in any order. `host` is the host name of its Service, if it is another than
    /// the cluster's domain makes. `complete` adds what only the caller knows of a replica,
    /// for example its zone; it gets the pod where there is one.
    public func replicas(
        of set: ReceiverSet, pods: some Sequence<ReceiverPod>, host: String? = nil,
        complete: (inout Membership.Replica, ReceiverPod?) -> Void = { _, _ in }
    ) -> [Membership.Replica] {
        let byOrdinal = Dictionary(pods.map { ($0.ordinal, $0) }) { first, _ in first }
        let wanted = set.wantedOrdinals
        let extra = byOrdinal.keys.filter { !wanted.contains($0) }.sorted()
        let host =
            host
            ?? ReceiverAddress.serviceHost(set.serviceName, namespace: set.key.namespace, domain: clusterDomain)
        return (Array(wanted) + extra).map { ordinal in
            let pod = byOrdinal[ordinal]
            var replica = replica("\(set.key.name)-\(ordinal)", ordinal, of: set, host, pod)
            replica.isWanted = wanted.contains(ordinal)
            complete(&replica, pod)
            return replica
        }
    }

    private func replica(
        _ name: String, _ ordinal: Int, of set: ReceiverSet, _ host: String, _ pod: ReceiverPod?
    ) -> Membership.Replica {
        let changed = pod?.readinessChanged.flatMap { Timestamp($0) }
        let isReady = pod?.isReady == true
        return Membership.Replica(
            endpoint: Endpoint(address: ReceiverAddress.of(name, host, port)), pod: name,
            statefulSet: set.key.description, ordinal: ordinal,
            // A kubelet that does not say since when is taken to mean long ago.
            readySince: isReady ? changed ?? Timestamp(seconds: 0) : nil,
            unreadySince: isReady ? nil : changed ?? unreadySince[name] ?? now,
            isTerminating: pod?.isTerminating ?? false)
    }
}

extension Sequence<Membership.Replica> {
    /// Since when wanted replicas have not been ready, by pod: what the next ``ReplicaReader`` has to know.
    public var unreadySince: [String: Timestamp] {
        reduce(into: [:]) { times, replica in if replica.isWanted { times[replica.pod] = replica.unreadySince } }
    }
}
