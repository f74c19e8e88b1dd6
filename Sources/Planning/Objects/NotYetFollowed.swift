import Kube
import TributaryAPI

/// Fields that the API has for what is coming, and that nothing follows yet: whoever sets one is told so.
enum NotYetFollowed {
    static func fields(of tenant: Tenant) -> [String] {
        var fields: [String] = []
        if tenant.spec.limits != nil { fields.append("spec.limits") }
        if tenant.spec.deletionPolicy == "Retain" { fields.append("spec.deletionPolicy") }
        return fields
    }

    static func fields(of agent: PrometheusAgent) -> [String] {
        let spec = agent.spec
        var fields: [String] = []
        if spec.serviceMonitorSelector != nil { fields.append("spec.serviceMonitorSelector") }
        if spec.podMonitorSelector != nil { fields.append("spec.podMonitorSelector") }
        if spec.probeSelector != nil { fields.append("spec.probeSelector") }
        if spec.scrapeConfigSelector != nil { fields.append("spec.scrapeConfigSelector") }
        if spec.additionalScrapeConfigs != nil { fields.append("spec.additionalScrapeConfigs") }
        if spec.scrapeClasses != nil { fields.append("spec.scrapeClasses") }
        if spec.podTargetLabels != nil { fields.append("spec.podTargetLabels") }
        if spec.enforcedNamespaceLabel != nil { fields.append("spec.enforcedNamespaceLabel") }
        return fields
    }

    static func diagnostics(_ fields: [String], about: PlanKey) -> [Diagnostic] {
        fields.map { .warning(about, $0, "NotYetFollowed", "is accepted, but this version does nothing with it") }
    }
}
