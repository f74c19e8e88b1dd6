public import Kube

/// The kinds of prometheus-operator that say what is scraped, in the order in which an agent's file has their jobs:
/// additional scrape configurations stand behind those of PodMonitors.
public enum MonitorKind: String, Sendable, CaseIterable {
    case podMonitor = "PodMonitor"
    case serviceMonitor = "ServiceMonitor"
    case probe = "Probe"
    case scrapeConfig = "ScrapeConfig"

    /// The kind of an object; nil where it is none of these.
    public init?(of object: Object) {
        guard object.group == "monitoring.coreos.com" else { return nil }
        self.init(rawValue: object.kind)
    }

    /// The kind's name in URLs.
    public var plural: String { "\(rawValue.lowercased())s" }

    /// The kind's resource, `monitoring.coreos.com/v1` (`v1alpha1` for ScrapeConfig).
    public var resource: Resource {
        Resource(
            group: "monitoring.coreos.com", version: self == .scrapeConfig ? "v1alpha1" : "v1", kind: rawValue,
            plural: plural)
    }
}

/// Turns monitors into scrape configurations, as prometheus-operator v0.93 does.
public enum Monitors {
    /// The scrape configurations of one monitor, one for each of its endpoints.
    ///
    /// Throws ``FieldError`` for what could not be scraped or what Prometheus would refuse: such a monitor is left out
    /// as a whole, and others are not affected.
    public static func jobs(
        of object: Object, _ settings: MonitorSettings, _ credentials: inout Credentials
    ) throws(FieldError) -> [ScrapeJob] {
        do throws(FieldError) {
            // Every node's pod would scrape the same targets.
            if settings.isNodeLocal, let kind = MonitorKind(of: object), kind != .podMonitor {
                throw FieldError(
                    FieldPath("kind"), "is \(kind.rawValue), where an agent on every node takes in PodMonitors only")
            }
            return try make(object, settings, &credentials)
        } catch {
            throw error.shortened
        }
    }

    private static func make(
        _ object: Object, _ settings: MonitorSettings, _ credentials: inout Credentials
    ) throws(FieldError) -> [ScrapeJob] {
        guard let kind = MonitorKind(of: object) else {
            throw FieldError(FieldPath("kind"), "\"\(object.kind)\" of \"\(object.apiVersion)\" is no monitor")
        }
        let basis = try MonitorBasis(kind, object, settings)
        return switch kind {
        case .serviceMonitor: try ServiceMonitorJobs(basis).jobs("endpoints", &credentials)
        case .podMonitor: try PodMonitorJobs(basis).jobs("podMetricsEndpoints", &credentials)
        case .probe: [try ProbeJobs(basis).job(&credentials)]
        case .scrapeConfig: [try ScrapeConfigJob(basis: basis).job(&credentials)]
        }
    }

    /// How a node's agent asks for the pods of its node; what expands the file in its pod puts the node's name in.
    public static let nodeField = "spec.nodeName=$(NODE_NAME)"

    /// Whether the left monitor's jobs come first among those of its kind: by the text `namespace/name`, by its bytes.
    public static func comesFirst(_ left: ObjectKey, _ right: ObjectKey) -> Bool {
        "\(left.namespace)/\(left.name)".utf8.lexicographicallyPrecedes("\(right.namespace)/\(right.name)".utf8)
    }
}
