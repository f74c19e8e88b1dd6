import Kube
import TributaryAPI

extension RingNode {
    /// How a ring and its receivers stand: what files and pods show, and what the view's status says.
    init(_ wired: WiredRing, _ state: ReportedState, _ tenants: (count: HealthCount, worst: [ObjectKey])) {
        let status = state.hashrings.first { $0.name == wired.name }
        let pending = Dictionary((status?.pending ?? []).map { ($0.pod, $0) }) { first, _ in first }
        let older = Dictionary((status?.older ?? []).map { ($0.pod, $0) }) { first, _ in first }
        var known = wired.receivers
        for name in pending.keys where known[name] == nil { known[name] = WiredRing.Receiver() }
        let receivers = known.map { name, receiver in
            ReceiverNode(name, receiver, isObserved: wired.isObserved, pending[name], older[name])
        }.sorted {
            $0.health == $1.health
                ? ($0.name.count, $0.name) < ($1.name.count, $1.name) : $0.health > $1.health
        }
        let members = status?.members ?? (wired.isObserved ? known.values.count(where: \.isMember) : nil)
        let desired = status?.desired ?? wired.desired
        var health = receivers.map(\.health).max() ?? .unknown
        if let members, let desired, members < desired { health = max(health, .waiting) }
        if status == nil, !wired.isObserved { health = .unknown }
        self.init(
            name: wired.name, isSoft: wired.isSoft, health: health, members: members, desired: desired,
            receivers: receivers, tenants: tenants.count, worst: tenants.worst)
    }
}

extension ReceiverNode {
    fileprivate init(
        _ name: String, _ receiver: WiredRing.Receiver, isObserved: Bool, _ pending: PendingMember?,
        _ older: OlderReceiver?
    ) {
        self.init(name: name, health: .ok, note: nil)
        if let trouble = receiver.trouble {
            (health, note) = (.wrong, trouble)
        } else if let older, older.reason == "FileRefused" {
            (health, note) = (.wrong, "refuses the hashring file")
        } else if let pending {
            (health, note) = (.waiting, "waits to join or to leave: \(pending.reason ?? "Pending")")
            since = pending.since
        } else if older != nil {
            (health, note) = (.waiting, "has an older hashring file")
        } else if !isObserved {
            health = .unknown
        } else if receiver.isReady == false {
            (health, note) = (.waiting, "is not ready")
        } else if receiver.isReady == nil {
            (health, note) = (.waiting, "has no pod")
        } else if !receiver.isMember {
            (health, note) = (.waiting, "is not in the hashring")
        }
    }
}
