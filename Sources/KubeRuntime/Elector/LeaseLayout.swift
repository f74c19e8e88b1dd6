public import Kube

/// How work is divided among processes that each hold a lease of their own.
///
/// Two processes of one layout share no work, so both may lead. Two of different layouts do: while one leads, none of
/// another layout may, for example while the number of shards is changed. Each lease names the layout of its holder. A process
/// waits until no lease of another layout is held, takes its own, and looks again. Of two that take theirs at the same
/// moment at least the later one sees the other, lets go, and waits once more.
public struct LeaseLayout: Sendable, Hashable {
    /// The annotation of a lease with the layout of its holder.
    static let annotation = "tributary.dev/layout"

    /// The layout of a holder that names none: one process with one lease.
    static let single = "1"

    /// The name, the same for all processes that share the work in the same way.
    public var name: String
    /// The leases of all processes of all layouts.
    public var leases: [ObjectKey]

    /// A layout.
    public init(name: String, leases: [ObjectKey]) {
        self.name = name
        self.leases = leases
    }
}

/// Which leases of other layouts are held, as seen from one process, without tasks or clocks.
struct OtherLayouts {
    /// What a look at a lease showed.
    enum Look: Sendable, Hashable {
        case record(LeaseRecord)
        case none
        /// It could not be read, so it may be held.
        case unknown(String)
    }

    private let layout: String
    private var seen: [ObjectKey: (record: LeaseRecord, at: Duration)] = [:]

    init(than layout: String) { self.layout = layout }

    /// Takes in a look at all leases; returns who keeps this process from leading, by lease. A lease is free once its record
    /// has not changed for its duration *as seen from here*, as in ``ElectorStateMachine``.
    mutating func saw(_ looks: [ObjectKey: Look], now: Duration) -> [ObjectKey: String] {
        var holders: [ObjectKey: String] = [:]
        for (lease, look) in looks {
            switch look {
            case .none: seen[lease] = nil
            case .unknown(let reason): holders[lease] = reason
            case .record(let record):
                if seen[lease]?.record != record { seen[lease] = (record, now) }
                let at = seen[lease]?.at ?? now
                guard record.layout ?? LeaseLayout.single != layout, !record.holder.isEmpty,
                    now - at < .seconds(record.durationSeconds)
                else { continue }
                holders[lease] = record.holder
            }
        }
        return holders
    }
}
