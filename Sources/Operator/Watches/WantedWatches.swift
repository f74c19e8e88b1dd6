import Kube
import KubeRuntime
import Planning
import PrometheusConfig
import TributaryAPI

/// Which watches agents need to have their monitors: no more than their selectors ask for.
struct WantedWatches {
    /// The only namespace that the operator looks at; nil for all.
    var onlyNamespace: String?
    /// Which kinds are installed, as far as their definitions tell; in one namespace alone nobody may look at those.
    var isInstalled: (MonitorKind) -> Bool
    /// The Secrets and ConfigMaps that an agent's monitors refer to.
    var sources: (ObjectKey) -> Set<CredentialSource>

    /// The definition of a kind, by name: whoever may read no others may read this one.
    static func definition(of kind: MonitorKind) -> WatchScope {
        WatchScope(
            .customResourceDefinitions, fieldSelector: "metadata.name=\(kind.resource.description)", metadataOnly: true)
    }

    /// The labels of all namespaces.
    static let namespaces = WatchScope(.namespaces, metadataOnly: true)

    /// A Secret or ConfigMap by its name.
    static func source(_ source: CredentialSource) -> WatchScope {
        WatchScope(
            source.resource, namespace: source.key.namespace, fieldSelector: "metadata.name=\(source.key.name)")
    }

    /// What one agent needs.
    func scopes(of agent: PrometheusAgent) -> Set<WatchScope> {
        var scopes: Set<WatchScope> = []
        guard !agent.isPaused else { return scopes }
        for kind in agent.monitorKinds {
            if onlyNamespace == nil { scopes.insert(Self.definition(of: kind)) }
            let namespaces = agent.selectors(of: kind).namespaces
            if onlyNamespace == nil, namespaces?.isEmpty == false { scopes.insert(Self.namespaces) }
            guard isInstalled(kind) else { continue }
            let namespace = namespaces == nil ? agent.metadata.namespace ?? "default" : onlyNamespace
            scopes.insert(WatchScope(kind.resource, namespace: namespace))
        }
        for source in sources(agent.metadata.key) where onlyNamespace == nil || onlyNamespace == source.key.namespace {
            scopes.insert(Self.source(source))
        }
        return scopes
    }

    /// What agents need together: one watch of all namespaces has what those of single ones would have.
    func scopes(of agents: some Sequence<PrometheusAgent>) -> Set<WatchScope> {
        let all = agents.reduce(into: Set<WatchScope>()) { $0.formUnion(scopes(of: $1)) }
        return all.filter { scope in
            guard scope.namespace != nil, let wide = Self.widened(scope) else { return true }
            return !all.contains(wide)
        }
    }

    /// The watch of all namespaces that has what a watch of monitors has; nil for other kinds.
    static func widened(_ scope: WatchScope) -> WatchScope? {
        guard MonitorKind.allCases.contains(where: { $0.resource == scope.resource }) else { return nil }
        return WatchScope(scope.resource)
    }
}
