public import Kube

/// The kinds of custom resources of prometheus-operator that are selected by their labels: monitors, which define targets to
/// scrape, and rules.
///
/// The order is that of their jobs in an agent's file, where additional scrape configurations follow the jobs of
/// PodMonitors.
public enum MonitorKind: String, Sendable, CaseIterable {
    /// Pods, by their labels.
    case podMonitor = "PodMonitor"
    /// The endpoints of services, by the labels of the services.
    case serviceMonitor = "ServiceMonitor"
    /// Static targets or ingresses, which a prober such as the blackbox exporter probes.
    case probe = "Probe"
    /// Targets of any kind of service discovery.
    case scrapeConfig = "ScrapeConfig"
    /// Rules, which global views and tenants select.
    case prometheusRule = "PrometheusRule"

    /// The kinds that agents select.
    public static let ofAgents: [MonitorKind] = [.podMonitor, .serviceMonitor, .probe, .scrapeConfig]

    /// The kind of an object; nil if the object is not a monitor.
    public init?(of object: Object) {
        guard object.group == "monitoring.coreos.com" else { return nil }
        self.init(rawValue: object.kind)
    }

    /// The resource name in URLs.
    var plural: String { "\(rawValue.lowercased())s" }

    /// The resource, of `monitoring.coreos.com/v1` or, for ScrapeConfig, `v1alpha1`.
    public var resource: Resource {
        Resource(
            group: "monitoring.coreos.com", version: self == .scrapeConfig ? "v1alpha1" : "v1", kind: rawValue,
            plural: plural)
    }
}
