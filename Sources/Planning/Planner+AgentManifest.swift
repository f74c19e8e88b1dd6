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
        guard let url = endpoints.outsideWriteURL else { throw Self.unreachable(view, endpoints) }
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

    /// Why agents of other clusters cannot write to a view.
    private static func unreachable(_ view: GlobalView, _ endpoints: ViewEndpoints) -> Diagnostic {
        let found = endpoints.writeURL.map { "\($0) is an address of its own cluster" } ?? "there is no write URL"
        let gateway = view.spec.gateway == nil && view.spec.prometheus == nil ? "spec.gateway with " : ""
        return .error(
            .globalView(view.metadata.key), "spec.ingress", "NotReachable",
            "is absent, so that agents of other clusters cannot write: \(found); set \(gateway)spec.ingress or "
                + "\(view.spec.gateway == nil && view.spec.prometheus != nil ? "spec.gateway with " : "")spec.httpRoute"
        )
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
