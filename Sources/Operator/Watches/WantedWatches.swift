import Kube
import KubeRuntime
import Planning
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// One watch that agents need to have their monitors.
enum MonitorScope: Sendable, Hashable {
    /// The definition of a kind, by name: an operator may be allowed to read this definition only.
    case definition(MonitorKind)
    /// The labels of all namespaces.
    case namespaces
    /// The monitors of a kind, in one namespace or in all.
    case monitors(MonitorKind, namespace: String?)
    /// A Secret or ConfigMap, by name.
    case credentials(CredentialSource)

    /// How the API server is asked for it.
    func watch(of group: MonitorGroup) -> WatchScope {
        switch self {
        case .definition(let kind):
            WatchScope(
                .customResourceDefinitions, fieldSelector: "metadata.name=\(group.resource(of: kind))",
                metadataOnly: true)
        case .namespaces: WatchScope(.namespaces, metadataOnly: true)
        case .monitors(let kind, let namespace): WatchScope(group.resource(of: kind), namespace: namespace)
        case .credentials(let source):
            WatchScope(
                source.resource, namespace: source.key.namespace, fieldSelector: "metadata.name=\(source.key.name)")
        }
    }

    /// The watch of all namespaces that shows what this one would show; nil for others than monitors.
    var widened: MonitorScope? {
        if case .monitors(let kind, _) = self { .monitors(kind, namespace: nil) } else { nil }
    }
}

/// Which watches agents need to have their monitors: no more than their selectors ask for.
struct WantedWatches: Sendable {
    /// The namespaces that the operator watches.
    var watched: WatchedNamespaces
    /// Which kinds are installed, as far as their definitions tell. An operator for some namespaces may not read
    /// definitions, and takes all kinds for installed.
    var installed: Set<MonitorKind>
    /// The Secrets and ConfigMaps that each agent's or central Prometheus's monitors refer to.
    var sources: [PlanKey: Set<CredentialSource>]
    /// The Secrets that tenants name as their credentials, and views as certificates of their gateways.
    var named: Set<CredentialSource> = []

    /// What one agent or central Prometheus needs.
    func scopes(of agent: PrometheusAgent, _ key: PlanKey) -> Set<MonitorScope> {
        var scopes: Set<MonitorScope> = []
        guard !agent.isPaused else { return scopes }
        for kind in agent.monitorKinds {
            if watched.isAll { scopes.insert(.definition(kind)) }
            let namespaces = agent.selectors(of: kind).namespaces
            if watched.isAll, namespaces?.isEmpty == false { scopes.insert(.namespaces) }
            guard !watched.isAll || installed.contains(kind) else { continue }
            let read = namespaces == nil ? [agent.metadata.namespace ?? "default"] : watched.scopes
            for namespace in read { scopes.insert(.monitors(kind, namespace: namespace)) }
        }
        for source in sources[key] ?? [] where watched.contains(source.key.namespace) {
            scopes.insert(.credentials(source))
        }
        return scopes
    }

    /// What the selection of PrometheusRules of a global view or tenant needs.
    func scopes(of selection: RuleSelection) -> Set<MonitorScope> {
        let kind = MonitorKind.prometheusRule
        var scopes: Set<MonitorScope> = []
        if watched.isAll { scopes.insert(.definition(kind)) }
        if watched.isAll, selection.readsLabels { scopes.insert(.namespaces) }
        guard !watched.isAll || installed.contains(kind) else { return scopes }
        let read: [String?] =
            switch selection.place {
            case .labels: watched.scopes
            case .namespaces(let names): names.filter(watched.contains)
            }
        for namespace in read { scopes.insert(.monitors(kind, namespace: namespace)) }
        return scopes
    }

    /// What agents need together: one watch of all namespaces shows what those of single ones would show.
    func scopes(
        of scrapers: [(key: PlanKey, agent: PrometheusAgent)], and selections: some Sequence<RuleSelection> = []
    ) -> Set<MonitorScope> {
        let named = named.filter { watched.contains($0.key.namespace) }
        var all = scrapers.reduce(into: Set(named.map(MonitorScope.credentials))) {
            $0.formUnion(scopes(of: $1.agent, $1.key))
        }
        for selection in selections { all.formUnion(scopes(of: selection)) }
        let wanted = all
        return wanted.filter { scope in
            guard let wide = scope.widened, wide != scope else { return true }
            return !wanted.contains(wide)
        }
    }
}
