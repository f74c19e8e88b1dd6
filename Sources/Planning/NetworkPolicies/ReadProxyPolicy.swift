import Kube
import PlanningInput
import TributaryAPI

/// The NetworkPolicy of a tenant's own read proxy: behind a gateway only the gateway reaches it, and the namespaces that
/// the tenant names in either case. Anyone may scrape the proxy's own metrics.
struct ReadProxyPolicy {
    private let owner: Owner
    private let readers: [PodPeer]

    /// The policy; nil if everybody may read through the proxy, or if the view has no policies.
    init?(_ tenant: Tenant, _ view: GlobalView) {
        let allowed = tenant.spec.read?.allowFrom
        let hasGateway = view.spec.gateway != nil && view.managesNetworkPolicies
        guard view.spec.networkPolicies != "None", hasGateway || allowed != nil else { return nil }
        owner = Owner(resource: Tenant.resource, metadata: tenant.metadata)
        let viewOwner = Owner(resource: GlobalView.resource, metadata: view.metadata)
        let gateway = hasGateway ? [PodPeer.pods(PodRole.gateway.selector(of: viewOwner))] : []
        // Without a gateway, the tenant's rules ask the proxy itself.
        let ruler =
            tenant.spec.rules == nil || hasGateway ? [] : [PodPeer.pods(PodRole.tenantRulers.own(owner))]
        readers = gateway + (allowed ?? []).map { .namespace($0.namespace) } + ruler
    }

    var object: Object {
        owner.networkPolicy(
            ReadProxy.name(of: owner.metadata.name), labels: PodRole.readProxies.labels(of: owner),
            selector: owner.selector(ReadProxy.component, program: LabelProxy.program),
            rules: [
                PolicyRule(port: JSON(ReadProxy.queries.name), from: readers),
                PolicyRule(port: JSON(ReadProxy.metrics.name), from: nil),
            ])
    }
}
