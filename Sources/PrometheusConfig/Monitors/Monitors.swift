public import Kube

/// Turns monitors into scrape configurations, like prometheus-operator v0.93.
public enum Monitors {
    /// The scrape configurations of one monitor, one for each of its endpoints.
    ///
    /// Throws ``FieldError`` for a monitor that cannot be scraped or that Prometheus would refuse. Such a monitor is
    /// omitted as a whole; other monitors are not affected.
    public static func jobs(
        of object: Object, _ settings: MonitorSettings, _ credentials: inout CredentialResolver
    ) throws(FieldError) -> [ScrapeJob] {
        do throws(FieldError) {
            return try make(object, settings, &credentials)
        } catch {
            throw error.shortened
        }
    }

    private static func make(
        _ object: Object, _ settings: MonitorSettings, _ credentials: inout CredentialResolver
    ) throws(FieldError) -> [ScrapeJob] {
        guard let kind = MonitorKind(of: object) else {
            throw FieldError(FieldPath("kind"), "\"\(object.kind)\" of \"\(object.apiVersion)\" is not a monitor")
        }
        // The pods on all nodes would scrape the same targets.
        if settings.isNodeLocal, kind != .podMonitor {
            throw FieldError(
                FieldPath("kind"), "is \(kind.rawValue), but an agent that runs on every node supports only PodMonitors"
            )
        }
        guard kind != .prometheusRule else { throw FieldError(FieldPath("kind"), "is PrometheusRule, not a monitor") }
        let basis = try MonitorBasis(kind, object, settings)
        return switch kind {
        case .serviceMonitor: try ServiceMonitorJobs(basis).jobs("endpoints", &credentials)
        case .podMonitor: try PodMonitorJobs(basis).jobs("podMetricsEndpoints", &credentials)
        case .probe: [try ProbeJob(basis).job(&credentials)]
        case .scrapeConfig: [try ScrapeConfigJob(basis: basis).job(&credentials)]
        case .prometheusRule: []
        }
    }

    /// Whether the jobs of the left monitor precede those of the right one, which is of the same kind: prometheus-operator
    /// compares the bytes of `namespace/name`.
    public static func comesFirst(_ left: ObjectKey, _ right: ObjectKey) -> Bool {
        "\(left.namespace)/\(left.name)".utf8.lexicographicallyPrecedes("\(right.namespace)/\(right.name)".utf8)
    }
}
