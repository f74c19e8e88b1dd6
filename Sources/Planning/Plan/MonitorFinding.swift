public import Kube
import PlanningInput
public import PrometheusConfig

/// A problem of a monitor.
public struct MonitorFinding: Sendable, Hashable, CustomStringConvertible {
    /// The monitor's kind.
    public var kind: MonitorKind
    /// Its namespace and name.
    public var key: ObjectKey
    /// The monitor's UID, which distinguishes it from others that had its name.
    public var uid: String?
    /// The reason in CamelCase, for programs: the Event's reason.
    public var reason: String
    /// The field that should change; empty for the whole monitor.
    public var field: FieldPath
    /// The field, what was found and what would be right, in lower case.
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
