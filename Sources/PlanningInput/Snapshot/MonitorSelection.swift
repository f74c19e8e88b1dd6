public import Kube
public import PrometheusConfig
public import TributaryAPI

extension PrometheusAgent {
    /// Which monitors of a kind an agent selects: nil selects none, and of namespaces only its own.
    public func selectors(of kind: MonitorKind) -> (monitors: LabelSelector?, namespaces: LabelSelector?) {
        switch kind {
        case .podMonitor: (spec.podMonitorSelector, spec.podMonitorNamespaceSelector)
        case .serviceMonitor: (spec.serviceMonitorSelector, spec.serviceMonitorNamespaceSelector)
        case .probe: (spec.probeSelector, spec.probeNamespaceSelector)
        case .scrapeConfig: (spec.scrapeConfigSelector, spec.scrapeConfigNamespaceSelector)
        case .prometheusRule: (nil, nil)
        }
    }

    /// The kinds of monitors of which an agent selects some.
    public var monitorKinds: [MonitorKind] { MonitorKind.ofAgents.filter { selectors(of: $0).monitors != nil } }
}

/// Which monitors an agent selects, by prometheus-operator's rules: both selectors must fit; the monitors' absent selects
/// none and empty all, the namespaces' absent selects the agent's own and empty all.
package struct MonitorSelection {
    private let namespace: String
    private let selectors: [MonitorKind: (monitors: LabelSelector?, namespaces: LabelSelector?)]

    package init(_ agent: PrometheusAgent) {
        namespace = agent.metadata.namespace ?? "default"
        selectors = Dictionary(uniqueKeysWithValues: MonitorKind.ofAgents.map { ($0, agent.selectors(of: $0)) })
    }

    /// Whether a monitor with these labels is selected, in a namespace with those.
    package func selects(_ monitor: ObservedMonitor, in monitoring: Monitoring) -> Bool {
        guard let selector = selectors[monitor.kind]?.monitors, selector.matches(monitor.labels) else { return false }
        return looks(into: monitor.key.namespace, for: monitor.kind, monitoring)
    }

    /// The selected monitors of a kind, in the order of their jobs.
    package func selected(_ kind: MonitorKind, in monitoring: Monitoring) -> [ObservedMonitor] {
        guard let selector = selectors[kind]?.monitors else { return [] }
        var known: [String: Bool] = [:]
        return monitoring.all(kind).filter { monitor in
            guard selector.matches(monitor.labels) else { return false }
            let name = monitor.key.namespace
            if let isLookedInto = known[name] { return isLookedInto }
            let isLookedInto = looks(into: name, for: kind, monitoring)
            known[name] = isLookedInto
            return isLookedInto
        }
    }

    private func looks(into name: String, for kind: MonitorKind, _ monitoring: Monitoring) -> Bool {
        guard let selector = selectors[kind]?.namespaces else { return name == namespace }
        return selector.matches(monitoring.labels(ofNamespace: name))
    }
}

extension LabelSelector {
    /// Whether it selects everything.
    public var isEmpty: Bool { (matchLabels ?? [:]).isEmpty && (matchExpressions ?? []).isEmpty }
}
