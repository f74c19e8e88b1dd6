import Kube
import PlanningInput

/// The pods that Tributary runs for a global view and its tenants, by what they do.
enum PodRole: CaseIterable {
    case receivers, routers, querier, tenantQuerier, stores, compactor, frontend, tenantFrontend, centralPrometheus,
        gateway, sharedReadProxy, readProxies, relay
    /// Those that evaluate the rules of the platform, and those of tenants.
    case ruler, tenantRulers

    /// The labels of the component and of the program.
    private var names: (component: String, program: String) {
        switch self {
        case .receivers: (ThanosNames.receiverComponent, ThanosNames.receiveProgram)
        case .routers: (ThanosNames.routerComponent, ThanosNames.receiveProgram)
        case .querier: (ThanosNames.queryComponent, ThanosNames.queryProgram)
        case .tenantQuerier: (ThanosNames.tenantQueryComponent, ThanosNames.queryProgram)
        case .stores: (ThanosNames.storeComponent, ThanosNames.storeProgram)
        case .compactor: (ThanosNames.compactorComponent, ThanosNames.compactorProgram)
        case .frontend: (ThanosNames.frontendComponent, ThanosNames.frontendProgram)
        case .tenantFrontend: (ThanosNames.tenantFrontendComponent, ThanosNames.frontendProgram)
        case .centralPrometheus: (CentralNames.component, CentralNames.program)
        case .gateway: (GatewayNames.component, GatewayNames.program)
        case .sharedReadProxy: (SharedReadProxy.component, LabelProxy.program)
        case .readProxies: (ReadProxy.component, LabelProxy.program)
        case .relay: (GatewayNames.relayComponent, GatewayNames.relayProgram)
        case .ruler: (RulerNames.viewComponent, RulerNames.program)
        case .tenantRulers: (RulerNames.tenantComponent, RulerNames.program)
        }
    }

    /// The labels that select the pods. Read proxies and rulers of tenants have the labels of their tenants, and are
    /// selected in all views of the namespace, since a selector that lists thousands of tenants would be too long.
    func selector(of view: Owner) -> [String: String] {
        guard self == .readProxies || self == .tenantRulers else {
            return view.selector(names.component, program: names.program)
        }
        return [
            "app.kubernetes.io/name": names.program, "app.kubernetes.io/component": names.component,
            Names.managedByLabel: Names.manager,
        ]
    }

    /// The labels that select the pods of one owner.
    func own(_ owner: Owner) -> [String: String] { owner.selector(names.component, program: names.program) }

    /// The labels of the NetworkPolicy for the pods.
    func labels(of view: Owner) -> [String: String] { view.labels(names.component, program: names.program) }

    /// The name of the view's NetworkPolicy for the pods.
    func policyName(of view: String) -> String {
        switch self {
        case .receivers: "\(view)-receivers"
        case .routers: ThanosNames.router(of: view)
        case .querier: ThanosNames.query(of: view)
        case .tenantQuerier: ThanosNames.tenantQuery(of: view)
        case .stores: "\(view)-stores"
        case .compactor: ThanosNames.compactor(of: view)
        case .frontend: ThanosNames.frontend(of: view)
        case .tenantFrontend: ThanosNames.tenantFrontend(of: view)
        case .centralPrometheus: CentralNames.name(of: view)
        case .gateway: GatewayNames.name(of: view)
        case .sharedReadProxy: GatewayNames.readProxy(of: view)
        case .readProxies: "\(view)-read-proxies"
        case .relay: GatewayNames.relay(of: view)
        case .ruler: RulerNames.view(view)
        case .tenantRulers: "\(view)-tenant-rulers"
        }
    }
}
