import Crypto
public import Kube
import PlanningInput
import TributaryAPI

extension Planner {
    /// The PrometheusAgent for a tenant's own cluster, which cannot see the Tenant, with URL, header and label filled
    /// in.
    ///
    /// `name` is the tenant's name, or its namespace and name separated by a slash. Throws ``Diagnostic`` or
    /// ``TenantNotNamed``.
    public func agentManifest(forTenant name: String) throws -> Object {
        let matches = snapshot.tenants.values.filter { $0.metadata.name == name || $0.metadata.key.description == name }
        guard let tenant = matches.first, matches.count == 1 else {
            let known = snapshot.tenants.keys.map(\.description).sorted().joined(separator: ", ")
            throw TenantNotNamed(
                description: matches.isEmpty
                    ? "--tenant \(name): the files contain no such Tenant (they contain: "
                        + "\(known.isEmpty ? "none" : known))"
                    : "--tenant \(name): several Tenants have this name; add the namespace: NAMESPACE/NAME")
        }
        if let problem = ViewBackends.problem(of: tenant, in: snapshot) { throw problem }
        guard !tenant.isGlob else {
            throw TenantNotNamed(
                description:
                    "--tenant \(name): the id is the pattern \"\(tenant.id)\", which no agent can send; name a "
                    + "Tenant with a whole id")
        }
        guard let view = snapshot.globalViews[tenant.globalViewKey],
            let endpoints = ViewBackends.backend(of: view, in: snapshot)?.endpoints
        else { throw TenantNotNamed(description: "there is no GlobalView \(tenant.globalViewKey)") }
        guard let url = endpoints.writeURL else {
            throw TenantNotNamed(
                description: "GlobalView \(view.metadata.key) has no write URL; set spec.ingress or "
                    + "spec.thanos.writeURL")
        }
        let writes = TenantRemoteWrite(
            id: tenant.id, url: url, label: endpoints.tenantLabel, header: endpoints.tenantHeader
        ).merged(into: [])
        return Object(
            PrometheusAgent.resource, name: Self.agentName(forTenant: tenant.metadata.name),
            [
                "spec": [
                    "externalLabels": .object([endpoints.tenantLabel: JSON(tenant.id)]),
                    "remoteWrite": try JSON(encoding: writes),
                ]
            ])
    }

    /// The tenant's name, shortened to the longest name of an agent.
    private static func agentName(forTenant name: String) -> String {
        guard name.utf8.count > PrometheusAgent.longestName else { return name }
        return "\(name.prefix(PrometheusAgent.longestName - 9))-\(SHA256.hexadecimal(name).prefix(8))"
    }
}

/// The error of `--tenant` if there is no agent for the tenant that it names.
public struct TenantNotNamed: Error, CustomStringConvertible {
    public var description: String
}
