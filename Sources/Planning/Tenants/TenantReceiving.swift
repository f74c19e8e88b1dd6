import Kube
import PlanningInput
import TributaryAPI

/// Whether a tenant's samples arrive: what its view's query API has said, and what the status said before.
struct TenantReceiving {
    /// The type of the condition.
    static let type = "Receiving"

    private var status: Condition.Status
    private var reason: String
    private var message: String
    private var received: ReceivedStatus?
    private let generation: Int64?

    /// nil if query APIs are not asked.
    init?(_ tenant: Tenant, _ endpoints: ViewEndpoints, in snapshot: Snapshot) {
        guard snapshot.watchesDelivery else { return nil }
        let former = tenant.status?.conditions?.first { $0.type == Self.type }
        generation = tenant.metadata.generation
        (status, reason, message) = (.unknown, "NotAsked", "the query API has not answered yet")
        let view = tenant.globalViewKey
        guard let question = SeriesQuestion(endpoints) else {
            message =
                endpoints.needsTenant
                ? "the query API of GlobalView \"\(view.name)\" shows the series of one tenant at a time"
                : "GlobalView \"\(view.name)\" has no query URL"
            return
        }
        let known = snapshot.series[view]
        if let problem = known?.problem {
            (reason, message) = ("QueryFailed", "the query API of GlobalView \"\(view.name)\" fails: \(problem)")
            return
        }
        switch known?.tenants[tenant.id] {
        case .receiving(let series): setReceiving(about: series)
        case .silent(let last): setSilent(since: last.description)
        case nil:
            let old = tenant.status?.received
            switch (former?.status, known?.othersAbsentSince) {
            case (.true, nil):
                // An operator that has just started knows nothing yet.
                setReceiving(about: old?.series)
            case (.true, let since?): setSilent(since: "before \(since)")
            case (.false, _): setSilent(since: old?.lastSample ?? "unknown")
            case (_, _?):
                (reason, message) = (
                    "NothingFound",
                    "found no sample of \(SeriesQuestion.metric) with \(question.label)=\"\(tenant.id)\""
                )
            default: break
            }
        }
    }

    /// Whether samples have arrived and no longer do.
    var isSilent: Bool { status == .false }

    private mutating func setReceiving(about series: Int?) {
        (status, reason, message) = (.true, "SamplesArrive", "samples arrive")
        received = ReceivedStatus(series: series, lastSample: ReceivedStatus.now)
    }

    private mutating func setSilent(since last: String) {
        (status, reason) = (.false, "Silent")
        message = "no samples of \(SeriesQuestion.metric) arrive; the newest one is of \(last)"
        received = ReceivedStatus(series: 0, lastSample: last)
    }

    /// The condition.
    var condition: Condition {
        Condition(type: Self.type, status: status, observedGeneration: generation, reason: reason, message: message)
    }

    /// The figures in the tenant's status.
    var figures: JSON? { received.flatMap { try? JSON(encoding: $0) } }
}
