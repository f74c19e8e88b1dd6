import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// How far the offboarding of a tenant is: its writes are refused at once and its reads end later.
struct Offboarding: Hashable {
    enum Phase: String {
        /// The tenant can read and cannot write.
        case readOnly = "ReadOnly"
        /// Nothing exists any more that was created for the tenant.
        case removed = "Removed"
    }

    /// The time since when writes are refused.
    var since: Timestamp
    /// The time when reads end.
    var readsUntil: Timestamp
    var phase: Phase

    /// Reads the specification, and the start from the status; nil for a tenant that stays.
    init?(_ tenant: Tenant, now: Timestamp) {
        guard let spec = tenant.spec.offboarding else { return nil }
        // A later time can only come from another clock, or from a hand.
        since = min(tenant.status?.offboarding?.since.flatMap { Timestamp($0) } ?? now, now)
        readsUntil = since.advanced(by: spec.readsFor.flatMap { PrometheusDuration($0) }?.duration ?? .zero)
        phase = readsUntil.since(now) > .zero ? .readOnly : .removed
    }

    /// Whether the tenant's writes are refused: from the first moment on.
    var refusesWrites: Bool { true }
    /// Whether the tenant's reads are refused as well.
    var refusesReads: Bool { phase == .removed }

    /// The member `offboarding` of the status.
    var status: JSON {
        ["since": JSON(since.description), "readsUntil": JSON(readsUntil.description), "phase": JSON(phase.rawValue)]
    }

    /// How far it is, in words.
    var message: String {
        let stays = "stored series stay until their retention ends"
        return switch phase {
        case .readOnly: "writes are refused since \(since), reads end at \(readsUntil), and \(stays)"
        case .removed:
            "offboarded since \(since): everything that was created for the tenant is removed, and \(stays)"
        }
    }
}

extension PrometheusDuration {
    /// The duration in Swift's type.
    var duration: Duration { .milliseconds(milliseconds) }
}
