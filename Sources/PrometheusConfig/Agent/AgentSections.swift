public import Kube

/// The fields of a PrometheusAgent of prometheus-operator that apply to the whole file: limits and formats of scrapes,
/// `runtime`, `tsdb`, `otlp` and `tracingConfig`.
///
/// None of them decides where series are sent, so that each field with a bad value, or that the version of Prometheus
/// does not know, is omitted alone.
public struct AgentSections: Sendable, Hashable {
    /// The fields, as the custom resource has them; unknown ones are ignored.
    public var fields: JSON
    /// The upper limits of all jobs.
    public var enforced: EnforcedLimits
    /// The TLS settings for sending traces, with files in the pod.
    public var tracingTLS: RemoteWrite.TLS?

    /// Creates the sections from the `spec` of a custom resource.
    public init(_ fields: JSON = [:], enforced: EnforcedLimits = EnforcedLimits(), tracingTLS: RemoteWrite.TLS? = nil) {
        self.fields = fields
        self.enforced = enforced
        self.tracingTLS = tracingTLS
    }

    /// The folder in the pods for log files that are configured without a folder.
    public static let logFolder = "/var/log/prometheus"
}
