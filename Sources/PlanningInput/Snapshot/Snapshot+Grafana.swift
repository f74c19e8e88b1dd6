public import Kube
import PrometheusConfig
import TributaryAPI

/// What is known of a view's Grafana.
package struct GrafanaObserved: Sendable, Hashable {
    /// The ID of each tenant's organization, by the name of the Tenant.
    package fileprivate(set) var organizations: [String: Int] = [:]
    /// Why tenants do not have what they should have.
    package fileprivate(set) var problems: [String: GrafanaProblem] = [:]
    /// Why the server cannot be used.
    package fileprivate(set) var server: GrafanaProblem?
    /// The tenants of which this process knows more than the record.
    fileprivate var known: Set<String> = []
}

/// Grafana: how plans look it up, and what a finding concerns.
extension Snapshot {
    /// The IDs of the organizations of a view, by the name of the Tenant.
    public func grafanaOrganizations(of view: ObjectKey) -> [String: Int] { grafana[view]?.organizations ?? [:] }

    /// The ID of a tenant's organization.
    package func grafanaOrganization(of tenant: ObjectKey, in view: ObjectKey) -> Int? {
        grafana[view]?.organizations[tenant.name]
    }

    /// Why a tenant does not have in Grafana what it should have.
    package func grafanaProblem(of tenant: ObjectKey, in view: ObjectKey) -> GrafanaProblem? {
        grafana[view]?.problems[tenant.name]
    }

    /// The record of an earlier process: it counts for tenants of which this process knows nothing yet.
    mutating func takeGrafanaRecord(_ record: GrafanaRecord) -> Set<PlanKey> {
        let known = grafana[record.view]?.known ?? []
        var keys: Set<PlanKey> = []
        for (tenant, id) in record.organizations
        where !known.contains(tenant) && grafana[record.view]?.organizations[tenant] != id {
            grafana[record.view, default: GrafanaObserved()].organizations[tenant] = id
            keys.insert(.tenant(ObjectKey(namespace: record.view.namespace, name: tenant)))
            keys.insert(.globalView(record.view))
        }
        return keys
    }

    /// A finding about a tenant concerns the tenant, and its view, which keeps the record; one about the server also the
    /// tenants that have no organization yet.
    mutating func takeGrafana(_ finding: GrafanaFinding, of view: ObjectKey) -> Set<PlanKey> {
        // In place: with thousands of tenants a copy for each finding would be felt.
        func key(_ tenant: String) -> PlanKey { .tenant(ObjectKey(namespace: view.namespace, name: tenant)) }
        switch finding {
        case .organization(let tenant, let id):
            let isSame = grafana[view]?.organizations[tenant] == id
            grafana[view, default: GrafanaObserved()].organizations[tenant] = id
            grafana[view, default: GrafanaObserved()].known.insert(tenant)
            return isSame ? [] : [.globalView(view), key(tenant)]
        case .problem(let tenant, let problem):
            guard grafana[view]?.problems[tenant] != problem else { return [] }
            grafana[view, default: GrafanaObserved()].problems[tenant] = problem
            return [key(tenant)]
        case .server(let problem):
            guard grafana[view]?.server != problem else { return [] }
            grafana[view, default: GrafanaObserved()].server = problem
            let without = tenantKeys(of: view).filter { grafana[view]?.organizations[$0.name] == nil }
            return Set([.globalView(view)] + without.map(PlanKey.tenant))
        case .forgotten:
            grafana[view] = nil
            return []
        }
    }

    /// Forgets the Grafana of a view that no longer has one.
    mutating func forgetGrafana(of view: ObjectKey, unlessIn new: GlobalView?) {
        guard let new, new.spec.grafana?.api == nil else { return }
        grafana[view] = nil
    }

    /// The shortest scrape interval of the agents that send to a tenant; nil without agents.
    package func shortestScrapeInterval(of tenant: ObjectKey) -> String? {
        (agentsByTenant[tenant] ?? []).compactMap { agents[$0]?.scrapeInterval }
            .compactMap { text in PrometheusDuration(text).map { (text: text, duration: $0) } }
            .filter { $0.duration.milliseconds > 0 }
            .min { ($0.duration.milliseconds, $0.text) < ($1.duration.milliseconds, $1.text) }?.text
    }
}
