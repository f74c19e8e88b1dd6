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
    /// Each replica that a StatefulSet wants, and each pod that exists but is no longer wanted.
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
        let status = view.resource.status?.hashrings?.first { $0.name == ring.name }
        let reader = ReplicaReader(
            clusterDomain: ring.effectiveClusterDomain, port: ring.effectivePort,
            unreadySince: Self.missing(in: status), now: snapshot.now)
        replicas = sets.flatMap { set in
            reader.replicas(of: set, pods: (snapshot.receiverPods[set.key] ?? [:]).values) { replica, pod in
                if let zone = ring.membership?.zone {
                    replica.endpoint.zone = snapshot.zone(of: pod, named: replica.pod, of: set, by: zone)
                    replica.isZoneKnown = replica.endpoint.zone != nil
                }
                if speaksCapnproto {
                    let host = replica.endpoint.address.prefix { $0 != ":" }
                    replica.endpoint.capnprotoAddress = "\(host):\(ThanosNames.capnprotoPort)"
                }
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
}
