public import Kube
import PlanningInput
import PrometheusConfig

/// Checks PrometheusRules, whether anybody selects them or not.
public enum RuleCheck {
    /// Why groups of a PrometheusRule would be left out; empty for other objects.
    public static func findings(of object: Object) -> [MonitorFinding] {
        guard let rule = ObservedMonitor(object), rule.kind == .prometheusRule else { return [] }
        do throws(FieldError) {
            return try RuleGroup.read(object, for: .read(byThanos: "")).compactMap { reading in
                guard case .failure(let error) = reading.result else { return nil }
                return MonitorFinding(rule, reading, error)
            }
        } catch {
            return [MonitorFinding(rule, "RuleRejected", error)]
        }
    }
}

extension MonitorFinding {
    /// The finding about a group that is left out.
    init(_ rule: ObservedMonitor, _ reading: RuleGroup.Reading, _ error: FieldError) {
        let group = reading.name.map { "group \"\($0)\": " } ?? ""
        self.init(rule, "RuleGroupRejected", FieldError(error.path, group + error.problem))
    }
}
