import Kube
import Planning
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// Which agents and central Prometheus servers select a monitor and accept it, and what keeps the others from that.
struct AgentFindings {
    private(set) var findings: [Finding] = []
    /// The agents that select the monitor, whether they accept it or not.
    private(set) var selecting: [Scraper] = []
    /// Whether some agent has the monitor's jobs.
    private(set) var isAccepted = false

    private let monitor: ObservedMonitor
    private let snapshot: Snapshot
    private let namespaces: Set<String>

    init(_ monitor: ObservedMonitor, _ snapshot: Snapshot, _ objects: TargetObjects) {
        self.monitor = monitor
        self.snapshot = snapshot
        namespaces = objects.namespaces
        let scrapers = Scraper.all(in: snapshot)
        if scrapers.isEmpty {
            findings.append(Finding(.bad, "NoAgent", "there is no valid PrometheusAgent in \(objects.place)"))
        }
        let planner = Planner(snapshot)
        for scraper in scrapers { add(scraper, planner) }
    }

    private mutating func add(_ scraper: Scraper, _ planner: Planner) {
        let object = scraper.object
        if let (reason, field, message) = refusal(of: scraper) {
            findings.append(Finding(.bad, reason, of: object, at: field, message))
            return
        }
        selecting.append(scraper)
        let selector = scraper.agent.selectors(of: monitor.kind).monitors ?? LabelSelector()
        func refuse(_ reason: String, _ field: String?, _ message: String) {
            findings.append(Finding(.bad, reason, of: object, at: field, message))
        }
        guard !scraper.isPaused(in: snapshot) else {
            return refuse(
                "Paused", "spec.paused", "is true: the agent selects it, but changes nothing until this is false")
        }
        let plan = planner.plan(for: scraper.key)
        let report = plan.monitors ?? MonitorReport()
        if let rejected = report.rejected.first(where: isMine) {
            return refuse(rejected.reason, nil, "selects it and rejects it: \(rejected.message)")
        }
        if let error = plan.diagnostics.first(where: { $0.severity == .error }) {
            return refuse(error.reason, nil, "selects it, but keeps its last configuration: \(error.text)")
        }
        isAccepted = true
        findings.append(
            Finding(.good, "Selected", of: object, "selects it (\(field(scraper)) \(selector.text))"))
        // Unknown fields are the same for all agents, so that they are said once.
        findings += report.leftOut.filter { isMine($0) && $0.reason != "UnknownField" }
            .map { Finding(.note, $0.reason, of: object, $0.message) }
    }

    private func isMine(_ finding: MonitorFinding) -> Bool {
        finding.kind == monitor.kind && finding.key == monitor.key
    }

    /// Why an agent does not select the monitor: reason, field and message; nil if it does.
    private func refusal(of scraper: Scraper) -> (String, String, String)? {
        let agent = scraper.agent
        let kind = monitor.kind
        let field = field(scraper)
        let selectors = agent.selectors(of: kind)
        guard let selector = selectors.monitors else {
            return (
                "SelectorAbsent", field, "is absent, so that the agent selects no \(kind.rawValue)s; {} selects all"
            )
        }
        let misses = selector.misses(monitor.labels)
        guard misses.isEmpty else {
            return ("LabelsDiffer", field, "does not select its labels: \(misses.joined(separator: "; "))")
        }
        let namespace = monitor.key.namespace
        let namespaceField = "\(scraper.spec).\(stem)NamespaceSelector"
        guard let allowed = selectors.namespaces else {
            let own = agent.metadata.namespace ?? "default"
            guard own != namespace else { return nil }
            return (
                "NamespaceNotSelected", namespaceField,
                "is absent, so that the agent looks into its own namespace \(own) only, and the \(kind.rawValue) is in "
                    + "\(namespace); {} selects all namespaces"
            )
        }
        let missing = allowed.misses(snapshot.monitoring.labels(ofNamespace: namespace))
        guard !missing.isEmpty else { return nil }
        let unknown = namespaces.contains(namespace) ? "" : " (the Namespace itself is not among the files)"
        return (
            "NamespaceNotSelected", namespaceField,
            "does not select namespace \(namespace): \(missing.joined(separator: "; "))\(unknown)"
        )
    }

    private func field(_ scraper: Scraper) -> String { "\(scraper.spec).\(stem)Selector" }
    private var stem: String { "\(monitor.kind.rawValue.prefix(1).lowercased())\(monitor.kind.rawValue.dropFirst())" }
}
