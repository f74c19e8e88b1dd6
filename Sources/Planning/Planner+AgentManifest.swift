import Crypto
public import Kube
import PlanningInput
import TributaryAPI

extension Planner {
    /// What a tenant's own cluster needs, which cannot see the Tenant: a PrometheusAgent with URL, header and label filled
    /// in and, behind a gateway, the Secret with the credential for writing.
    ///
    /// `name` is the tenant's name, or its namespace and name separated by a slash. If `needsCredential`, it is an error
    /// that the snapshot does not have the credential; otherwise the Secret's value is empty then. Throws ``Diagnostic`` or
    /// ``TenantNotNamed``.
    public func manifests(forTenant name: String, needsCredential: Bool = false) throws -> [Object] {
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
        if let offboarding = Offboarding(tenant, now: snapshot.now) {
            throw TenantNotNamed(
                description: "--tenant \(name): the Tenant has spec.offboarding: \(offboarding.message)")
        }
        let hasGateway = view.spec.gateway != nil
        guard let url = endpoints.outsideWriteURL else { throw Self.unreachable(view, endpoints) }
        let secret = hasGateway ? try writeSecret(of: tenant, named: name, needsCredential) : nil
        var writes = TenantRemoteWrite(
            id: tenant.id, url: url, replicas: endpoints.outsideReplicaWriteURLs, label: endpoints.tenantLabel,
            isToldByLabel: endpoints.tenantHeader == nil, header: hasGateway ? nil : endpoints.tenantHeader
        ).merged(into: [])
        if let secret {
            writes[0].authorization = AuthorizationSpec(
                credentials: KeySelector(name: secret.name, key: CredentialPurpose.key))
        }
        let agent = Object(
            PrometheusAgent.resource, name: Self.agentName(forTenant: tenant.metadata.name),
            [
                "spec": [
                    "externalLabels": .object([endpoints.tenantLabel: JSON(tenant.id)]),
                    "remoteWrite": try JSON(encoding: writes),
                ]
            ])
        return [secret, agent].compactMap(\.self)
    }

    /// The Secret with a tenant's credential for writing, for another cluster.
    private func writeSecret(of tenant: Tenant, named name: String, _ needsCredential: Bool) throws -> Object {
        let own = CredentialPurpose.write.secretName(of: tenant.metadata.name)
        let token = snapshot.credentials[tenant.metadata.key]?[.write]?.token
        guard token != nil || !needsCredential else {
            let reference = tenant.credentialReference(.write)
            let namespace = tenant.metadata.namespace ?? "default"
            let command = "kubectl get secret -n \(namespace) \(reference?.name ?? own) -o yaml"
            let key = reference?.key ?? CredentialPurpose.key
            let found: String =
                switch snapshot.finding(.write, of: tenant) {
                case .invalid(let problem): "key \"\(key)\" of its Secret: \(problem)"
                case .missing(let reason): reason
                default: "the files do not have it; add the output of: \(command)"
                }
            throw TenantNotNamed(description: "--tenant \(name): no credential for writing: \(found)")
        }
        return Object(
            .secrets, name: own,
            ["type": "Opaque", "stringData": .object([CredentialPurpose.key: JSON(token ?? "")])])
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
