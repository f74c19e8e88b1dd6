import Kube
import TributaryAPI

/// Fields that the API has for what is coming, and that nothing follows yet: whoever sets one is told so.
enum NotYetFollowed {
    static func fields(of agent: PrometheusAgent) -> [String] { [] }

    static func diagnostics(_ fields: [String], about: PlanKey) -> [Diagnostic] {
        fields.map { .warning(about, $0, "NotYetFollowed", "is accepted, but this version does nothing with it") }
    }
}
