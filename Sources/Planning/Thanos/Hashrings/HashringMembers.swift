import Hashring
import Kube
import PlanningInput
import Receivers
import TributaryAPI

/// The receivers of one hashring, as membership looks at them.
struct HashringMembers {
    /// The StatefulSets of the ring, in a stable order: by namespace, then by name. A managed ring has one, whether or not
    /// it is there yet, with as many replicas as are asked for.
    var sets: [ReceiverSet]
    /// Each replica that a StatefulSet wants, and each pod that is there though it is wanted no more.
    var replicas: [Membership.Replica]

    /// How many replicas the StatefulSets want.
    var desired: Int { replicas.count { $0.isWanted } }

    init(_ ring: HashringSpec, of view: ThanosView) {
        let snapshot = view.snapshot
        if let adopt = ring.adopt {
            let adopted = ReceiverSelector(ring.name, adopt, in: view.namespace)
            sets = snapshot.receiverSets.values.filter(adopted.selects).sorted { $0.key < $1.key }
        } else {
            let name = ThanosNames.receivers(ring.name, of: view.name)
            sets = [
                ReceiverSet(
                    key: ObjectKey(namespace: view.namespace, name: name), labels: [:], replicas: ring.replicas ?? 0)
            ]
        }
        let speaksCapnproto = view.spec.effectiveReplicationProtocol == "capnproto"
        let missing = Self.missing(in: view.resource.status?.hashrings?.first { $0.name == ring.name })
        replicas = sets.flatMap { set in
            let pods = snapshot.receiverPods[set.key] ?? [:]
            return Self.replicas(of: set, pods: pods, ring: ring).map { replica in
                var replica = replica
                if let zone = ring.membership?.zone {
                    let pod = pods[ObjectKey(namespace: set.key.namespace, name: replica.pod)]
                    replica.endpoint.zone = snapshot.zone(of: pod, named: replica.pod, of: set, by: zone)
                    replica.isZoneKnown = replica.endpoint.zone != nil
                }
                if speaksCapnproto {
                    let host = replica.endpoint.address.prefix { $0 != ":" }
                    replica.endpoint.capnprotoAddress = "\(host):\(ThanosNames.capnprotoPort)"
                }
                guard replica.readySince == nil, replica.unreadySince == nil else { return replica }
                replica.unreadySince = missing[replica.pod] ?? snapshot.now
                return replica
            }
        }
    }

    /// Since when members have been missing, as the status says: no pod is there to tell, and time has to count on when
    /// the operator starts again.
    private static func missing(in status: HashringStatus?) -> [String: Timestamp] {
        let reasons = [Membership.Reason.unready, .held, .notReady].map(\.rawValue)
        let waiting = (status?.pending ?? []).filter { reasons.contains($0.reason ?? "") }
        let times = waiting.compactMap { pending in
            pending.since.flatMap { Timestamp($0) }.map { (pending.pod, $0) }
        }
        return Dictionary(times) { first, _ in first }
    }

    private static func replicas(
        of set: ReceiverSet, pods: [ObjectKey: ReceiverPod], ring: HashringSpec
    ) -> [Membership.Replica] {
        let wanted = set.isBeingDeleted ? [] : set.podNames
        let byName = Dictionary(pods.values.map { ($0.key.name, $0) }) { first, _ in first }
        let ordinals = set.firstOrdinal..<(set.firstOrdinal + wanted.count)
        let extra = pods.values.filter { !ordinals.contains($0.ordinal) }.sorted { $0.ordinal < $1.ordinal }
        let present = wanted.enumerated().map { offset, name in
            replica(name, set.firstOrdinal + offset, isWanted: true, byName[name], set, ring)
        }
        return present + extra.map { replica($0.key.name, $0.ordinal, isWanted: false, $0, set, ring) }
    }

    private static func replica(
        _ name: String, _ ordinal: Int, isWanted: Bool, _ pod: ReceiverPod?, _ set: ReceiverSet, _ ring: HashringSpec
    ) -> Membership.Replica {
        let host = ReceiverAddress.serviceHost(
            set.serviceName, namespace: set.key.namespace, domain: ring.effectiveClusterDomain)
        let changed = pod?.readinessChanged.flatMap { Timestamp($0) }
        return Membership.Replica(
            endpoint: Endpoint(address: ReceiverAddress.of(name, host, ring.effectivePort)), pod: name,
            statefulSet: set.key.description,
            ordinal: ordinal, isWanted: isWanted,
            // A kubelet that says nothing about the time is taken to mean long ago.
            readySince: pod?.isReady == true ? changed ?? Timestamp(seconds: 0) : nil,
            unreadySince: pod?.isReady == false ? changed : nil, isTerminating: pod?.isTerminating ?? false)
    }
}
