public import Kube

/// A Prometheus in agent mode, which scrapes targets and remote-writes the samples. Fields are named as in prometheus-
/// operator.
public struct PrometheusAgent: CustomResource {
    /// The metadata of the object.
    public var metadata: ObjectMeta
    /// The desired state.
    public var spec: PrometheusAgentSpec
    /// The observed state; nil before the operator first reports it.
    public var status: PrometheusAgentStatus?

    /// `prometheusagents.tributary.dev`.
    public static let resource = TributaryAPI.resource("PrometheusAgent", plural: "prometheusagents")
}
