import Kube
import PlanningInput
import PrometheusConfig

extension MonitorFields {
    /// Findings about the fields of a monitor that its kind does not have.
    static func findings(about monitor: ObservedMonitor) -> [Finding] {
        unknown(in: monitor.object, monitor.kind).map {
            Finding(.note, "UnknownField", at: $0.path.description, $0.problem)
        }
    }
}
