import PlanningInput

/// What a workload does in a view.
package enum ViewRole: String, Sendable, Hashable, CaseIterable {
    case gateway
    case relay = "write relay"
    case router
    case central = "central Prometheus"
    case external = "external service"
    case store = "store gateway"
    case compactor
    case query
    case tenantQuery = "tenant query"
    case frontend = "query frontend"
    case tenantFrontend = "tenant frontend"
    case ruler
    case readProxy = "read proxy"

    /// Where series are when they are there.
    package enum Stage: String, Sendable, Hashable, CaseIterable {
        /// On their way in.
        case entry
        /// Kept.
        case storage
        /// Read.
        case reading
    }

    package var stage: Stage {
        switch self {
        case .gateway, .relay, .router: .entry
        case .central, .external, .store, .compactor: .storage
        case .query, .tenantQuery, .frontend, .tenantFrontend, .ruler, .readProxy: .reading
        }
    }

    /// The role of the pods with a label `app.kubernetes.io/component`; nil for those that belong to a tenant, to an agent
    /// or to a hashring.
    init?(component: String) {
        switch component {
        case GatewayNames.component: self = .gateway
        case GatewayNames.relayComponent: self = .relay
        case ThanosNames.routerComponent: self = .router
        case CentralNames.component: self = .central
        case ThanosNames.storeComponent: self = .store
        case ThanosNames.compactorComponent: self = .compactor
        case ThanosNames.queryComponent: self = .query
        case ThanosNames.tenantQueryComponent: self = .tenantQuery
        case ThanosNames.frontendComponent: self = .frontend
        case ThanosNames.tenantFrontendComponent: self = .tenantFrontend
        case RulerNames.viewComponent: self = .ruler
        // What Planning calls the proxy that all tenants of a view share.
        case "shared-read-proxy": self = .readProxy
        default: return nil
        }
    }
}
