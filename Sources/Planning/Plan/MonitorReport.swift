import Kube
import PlanningInput
public import PrometheusConfig

/// The results for the monitors that an agent selects.
public struct MonitorReport: Sendable, Hashable {
    /// The number of accepted monitors of each kind.
    public var accepted: [MonitorKind: Int] = [:]
    /// The problems of rejected monitors, in the order of their jobs.
    public var rejected: [MonitorFinding] = []
    /// The fields of monitors that the version of Prometheus does not support, and those that their kind does not have.
    public var leftOut: [MonitorFinding] = []
    /// The first of the accepted monitors that have had no targets for some time, in the order of their jobs.
    public var withoutTargets: [MonitorFinding] = []
    /// How many there are.
    public var withoutTargetsCount = 0

    /// An empty report.
    public init() {}

    /// Adds another report.
    func adding(_ other: MonitorReport) -> MonitorReport {
        var result = self
        result.accepted.merge(other.accepted) { $0 + $1 }
        result.rejected += other.rejected
        result.leftOut += other.leftOut
        result.withoutTargets += other.withoutTargets
        result.withoutTargetsCount += other.withoutTargetsCount
        return result
    }
}
