package import Kube
import PrometheusConfig
import TributaryAPI

/// Which PrometheusRules a global view or a tenant selects.
package struct RuleSelection: Sendable, Hashable {
    /// Where they are looked for.
    package enum Place: Sendable, Hashable {
        case namespaces(Set<String>)
        case labels(LabelSelector)
    }

    private let selector: LabelSelector
    package let place: Place

    /// The selection of a global view; nil if it selects none.
    init?(_ view: GlobalView) { self.init(view.spec.rules, of: view.metadata, isPaused: view.isPaused) }

    /// The selection of a tenant; nil if it selects none.
    init?(_ tenant: Tenant) { self.init(tenant.spec.rules, of: tenant.metadata, isPaused: false) }

    private init?(_ spec: (some RuleSelecting)?, of owner: ObjectMeta, isPaused: Bool) {
        guard let spec, let selector = spec.selector, !isPaused else { return nil }
        self.selector = selector
        if let labels = spec.namespaceSelector {
            place = .labels(labels)
        } else {
            place = .namespaces(Set(spec.namespaces ?? [owner.namespace ?? "default"]))
        }
    }

    /// Whether it depends on the labels of namespaces.
    package var readsLabels: Bool {
        if case .labels(let selector) = place { !selector.isEmpty } else { false }
    }

    /// Whether a PrometheusRule is selected.
    func selects(_ rule: ObservedMonitor, in monitoring: Monitoring) -> Bool {
        guard selector.matches(rule.labels) else { return false }
        return switch place {
        case .namespaces(let names): names.contains(rule.key.namespace)
        case .labels(let labels): labels.matches(monitoring.labels(ofNamespace: rule.key.namespace))
        }
    }

    /// The selected PrometheusRules, sorted by namespace and name.
    package func selected(in monitoring: Monitoring) -> [ObservedMonitor] {
        monitoring.all(.prometheusRule).filter { selects($0, in: monitoring) }
    }
}
