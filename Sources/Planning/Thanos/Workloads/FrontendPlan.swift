import Kube
import PlanningInput
import TributaryAPI

/// The Query Frontends of a view: one in front of each Thanos Query that Tributary runs.
struct FrontendPlan {
    private(set) var objects: [Object] = []
    private var workloads: [ThanosWorkload] = []
    private let view: ThanosView

    init(_ view: ThanosView) {
        self.view = view
        guard let spec = view.frontend else { return }
        add(spec, nil, "the Query Frontend")
        if view.hasTenantQuery { add(spec, view.tenancy, "the Query Frontend for tenants") }
    }

    /// The readiness of what it plans; nil without anything.
    var readiness: Readiness? { ThanosWorkload.readiness(of: workloads, in: view.snapshot) }

    private mutating func add(_ spec: ThanosQueryFrontendSpec, _ tenancy: ThanosTenancy?, _ called: String) {
        let workload = FrontendWorkload(
            owner: view.owner, release: view.release, spec: spec,
            queryURL: QueryWorkload.url(of: view, tenancy), tenancy: tenancy, tls: view.tls)
        objects += workload.objects
        let deployment = workload.objects.first { $0.kind == Resource.deployments.kind }
        workloads += deployment.map { [ThanosWorkload($0, .deployments, called: called)] } ?? []
    }
}

extension ThanosView {
    /// The Query Frontend that Tributary runs; nil without one.
    var frontend: ThanosQueryFrontendSpec? { spec.queryReplicas > 0 ? spec.queryFrontend : nil }

    /// Where operators query, and tenants without a gateway: the Query Frontend, or the Thanos Query behind it.
    var ownQueryURL: String { frontend == nil ? QueryWorkload.url(of: self) : FrontendWorkload.url(of: self) }

    /// The same for the Thanos Query that enforces the tenant.
    var ownTenantQueryURL: String {
        frontend == nil ? QueryWorkload.url(of: self, tenancy) : FrontendWorkload.url(of: self, tenancy)
    }
}
