import Kube
import PlanningInput
import TributaryAPI

/// What a tenant gets in Grafana: an organization through the API, or a datasource for the sidecar.
struct TenantGrafana {
    var tenant: Tenant
    var view: GlobalView
    var snapshot: Snapshot

    private var about: PlanKey { .tenant(tenant.metadata.key) }
    private var owner: Owner { Owner(resource: Tenant.resource, metadata: tenant.metadata) }
    private var api: GrafanaAPISpec? { view.spec.grafana?.api }
    private var credential: TenantCredential? {
        view.spec.gateway == nil ? nil : snapshot.credentials[tenant.metadata.key]?[.read]
    }
    private var token: String? { credential?.handedOut(at: snapshot.now) }

    /// Adds a tenant that reads from a URL.
    func add(to plan: inout Plan, reading url: String, _ endpoints: ViewEndpoints) {
        plan.diagnostics += diagnostics
        plan.recheck(after: credential?.waits(at: snapshot.now))
        guard view.spec.gateway == nil || token != nil else {
            // The credential comes with the next plan. A datasource without it would get 401.
            let name = GrafanaDatasource.name(of: tenant.metadata.name)
            plan.keeps.insert(Plan.Kept(.secrets, ObjectKey(namespace: owner.namespace, name: name)))
            return
        }
        let datasource = datasource(reading: url, endpoints)
        if api != nil {
            plan.grafana = .organization(organization(datasource.inOrganization))
        } else if !isElsewhere {
            add(datasource, to: &plan)
        }
    }

    /// Adds the datasource for the sidecar or for grafana-operator.
    private func add(_ datasource: GrafanaDatasource, to plan: inout Plan) {
        guard view.createsGrafanaDatasources else { return plan.objects.append(datasource.object) }
        let object = datasource.custom(token.map { _ in readSecret })
        if snapshot.serves(.grafanaDatasources) == true {
            plan.objects.append(object)
        } else {
            // An API server that starts does not serve it for a moment.
            plan.keeps.insert(Plan.Kept(.grafanaDatasources, object.key))
        }
    }

    /// The Secret with the tenant's credential for reading.
    private var readSecret: KeySelector {
        let named = tenant.spec.credentials?.readSecretRef
        return named
            ?? KeySelector(
                name: CredentialPurpose.read.secretName(of: tenant.metadata.name), key: CredentialPurpose.key)
    }

    /// Adds a tenant that cannot read.
    func addNone(to plan: inout Plan) {
        if api != nil { plan.grafana = .noOrganization(view: view.metadata.key) }
    }

    /// What the tenant's author should know.
    var diagnostics: [Diagnostic] {
        if view.createsGrafanaDatasources, snapshot.serves(.grafanaDatasources) == false {
            return [
                .warning(
                    about, nil, "KindNotServed",
                    "there is no datasource: the API server does not serve GrafanaDatasource of "
                        + "\(Resource.grafanaDatasources.apiVersion); install grafana-operator, or set "
                        + "grafana.datasources of GlobalView \"\(view.metadata.name)\" to Sidecar")
            ]
        }
        if api == nil {
            guard isElsewhere, let id = tenant.spec.grafana?.organization else { return [] }
            return [
                .warning(
                    about, "spec.grafana.organization", "OrganizationUnknown",
                    "found \(id), which is not known to exist: Grafana does not start with a datasource of an "
                        + "organization that does not exist, so the tenant gets no datasource; set grafana.api in "
                        + "GlobalView \"\(view.metadata.name)\", which creates an organization for each tenant, or "
                        + "leave organization out for the default organization")
            ]
        }
        var diagnostics: [Diagnostic] = []
        if tenant.spec.grafana?.organization != nil {
            diagnostics.append(
                .warning(
                    about, "spec.grafana.organization", "NoEffect",
                    "has no effect with grafana.api of GlobalView \"\(view.metadata.name)\", which creates an "
                        + "organization for each tenant; leave it out"))
        }
        if let problem = snapshot.grafanaProblem(of: tenant.metadata.key, in: view.metadata.key) {
            diagnostics.append(.warning(about, problem.field, problem.reason, problem.message))
        }
        return diagnostics
    }

    /// The member `grafana` of the tenant's status; nil without `grafana.api`.
    var status: JSON? {
        guard api != nil else { return nil }
        let (key, viewKey) = (tenant.metadata.key, view.metadata.key)
        let id = snapshot.grafanaOrganization(of: key, in: viewKey)
        let problem =
            snapshot.grafanaProblem(of: key, in: viewKey)
            ?? (id == nil ? snapshot.grafana[viewKey]?.server : nil)
        let status: JSON = [
            "organization": id.map { JSON($0) } ?? .null, "problem": problem.map { JSON($0.text) } ?? .null,
        ]
        return status.droppingNulls
    }

    // MARK: -

    /// Whether the datasource would go into an organization that may not exist. The first one always exists.
    private var isElsewhere: Bool { (tenant.spec.grafana?.organization ?? 1) != 1 }

    private func datasource(reading url: String, _ endpoints: ViewEndpoints) -> GrafanaDatasource {
        GrafanaDatasource(
            owner: owner, name: tenant.datasourceName, url: url, token: token,
            organization: tenant.spec.grafana?.organization, flavour: endpoints.flavour,
            timeInterval: snapshot.shortestScrapeInterval(of: tenant.metadata.key),
            selectingLabels: view.spec.grafana?.datasourceLabels ?? ["grafana_datasource": "1"])
    }

    private func organization(_ datasource: GrafanaOrganization.Datasource) -> GrafanaOrganization {
        let members = tenant.spec.grafana?.members.map { members in
            Dictionary(members.map { ($0.login, $0.role ?? "Viewer") }) { first, _ in first }
        }
        // Only Thanos has limits.
        let own = view.spec.thanos == nil ? nil : tenant.spec.limits
        let shared = view.spec.thanos?.limits?.defaults
        return GrafanaOrganization(
            view: view.metadata.key, name: tenant.datasourceName,
            mark: GrafanaMark(
                tenant: ObjectKey(namespace: owner.namespace, name: tenant.metadata.name),
                viewUID: view.metadata.uid ?? "", tenantUID: tenant.metadata.uid),
            datasource: datasource, members: members,
            limits: DashboardLimits(
                headSeries: own?.headSeriesLimit ?? shared?.headSeriesLimit,
                samplesPerRequest: own?.requests?.samplesLimit ?? shared?.requests?.samplesLimit))
    }
}
