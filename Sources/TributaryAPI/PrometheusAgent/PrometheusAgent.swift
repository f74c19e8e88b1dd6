public import Kube

/// A Prometheus in agent mode: it scrapes, and remote-writes what it scraped. Field names are prometheus-operator's.
public struct PrometheusAgent: CustomResource {
    public var metadata: ObjectMeta
    public var spec: PrometheusAgentSpec
    public var status: PrometheusAgentStatus?

    /// `prometheusagents.tributary.dev`.
    public static let resource = TributaryAPI.resource("PrometheusAgent", plural: "prometheusagents")
}
