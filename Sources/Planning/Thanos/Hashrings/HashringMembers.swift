import Hashring
import Kube
import PlanningInput
import Receivers
import TributaryAPI

/// The observed receivers of one hashring, as input for membership.
struct HashringMembers {
    /// The StatefulSets of the hashring, sorted by namespace and name. A managed hashring has one with the number of
    /// replicas that it should have, even if it does not exist yet.
    var sets: [ReceiverSet]
    /// Each replica that a StatefulSet wants, and each existing pod that is no longer wanted.
    var replicas: [Membership.Replica]

    /// The number of replicas that the StatefulSets want.
    var desired: Int { replicas.count { $0.isWanted } }

    init(_ hashring: HashringSpec, of view: ThanosView) {
        let snapshot = view.snapshot
        if let adopt = hashring.adopt {
            let adopted = ReceiverSelector(hashring.name, adopt, in: view.namespace)
            sets = snapshot.receiverSets.values.filter(adopted.selects).sorted { $0.key < $1.key }
        } else {
            let name = ThanosNames.receivers(hashring.name, of: view.name)
            sets = [
                ReceiverSet(
                    key: ObjectKey(namespace: view.namespace, name: name), labels: [:],
                    replicas: ReceiverScale(of: hashring, in: view).wanted)
            ]
        }
        let speaksCapnproto = view.replicationProtocol == "capnproto"
        let status = view.resource.status?.hashrings?.first { $0.name == hashring.name }
        let reader = ReplicaReader(
            clusterDomain: hashring.effectiveClusterDomain, port: hashring.effectivePort,
            unreadySince: Self.missing(in: status), now: snapshot.now)
        replicas = sets.flatMap { set in
            let pods = (snapshot.receiverPods[set.key] ?? [:]).values
            return reader.replicas(of: set, pods: pods, host: hashring.serviceHost(of: set)) { replica, pod in
                if let zone = hashring.membership?.zone {
                    replica.endpoint.zone = Self.zone(
                        of: pod, named: replica.pod, of: set, by: zone, in: snapshot.zones)
                    replica.isZoneKnown = replica.endpoint.zone != nil
                }
                if speaksCapnproto {
                    let host = replica.endpoint.address.prefix { $0 != ":" }
                    replica.endpoint.capnprotoAddress = "\(host):\(ThanosNames.capnprotoPort)"
                }
            }
        }
    }

    /// Since when members have been missing, according to the status. There is no pod to tell, and the time must keep
    /// counting across restarts of the operator.
    private static func missing(in status: HashringStatus?) -> [String: Timestamp] {
        let reasons = [Membership.Reason.unready, .held, .notReady].map(\.rawValue)
        let waiting = (status?.pending ?? []).filter { reasons.contains($0.reason ?? "") }
        let times = waiting.compactMap { pending in
            pending.since.flatMap { Timestamp($0) }.map { (pending.pod, $0) }
        }
        return Dictionary(times) { first, _ in first }
    }
}
