public import Kube
public import PlanningInput
public import PrometheusConfig

/// What became of the monitors that an agent selects.
public struct MonitorReport: Sendable, Hashable {
    /// How many of each kind are taken in.
    public var accepted: [MonitorKind: Int] = [:]
    /// Those that are left out, in the order of their jobs.
    public var rejected: [MonitorFinding] = []
    /// What of those taken in Prometheus's version does not know.
    public var leftOut: [MonitorFinding] = []

    /// A report of nothing.
    public init() {}

    /// This report and another one in one.
    func adding(_ other: MonitorReport) -> MonitorReport {
        var result = self
        result.accepted.merge(other.accepted) { $0 + $1 }
        result.rejected += other.rejected
        result.leftOut += other.leftOut
        return result
    }
}

/// What is wrong with a monitor.
public struct MonitorFinding: Sendable, Hashable, CustomStringConvertible {
    /// The monitor's kind.
    public var kind: MonitorKind
    /// Its namespace and name.
    public var key: ObjectKey
    /// What tells it from others of its name.
    public var uid: String?
    /// A word in CamelCase that programs can rely on: the Event's reason.
    public var reason: String
    /// The field that should change; empty where it is the whole.
    public var field: FieldPath
    /// The field, what was found and what would be right, lower case.
    public var message: String

    init(_ monitor: ObservedMonitor, _ reason: String, _ error: FieldError) {
        kind = monitor.kind
        key = monitor.key
        uid = monitor.uid
        self.reason = reason
        field = error.path
        message = error.path.steps.isEmpty ? error.problem : "\(error)"
    }

    public var description: String { "\(kind.rawValue) \(key): \(message)" }
}
