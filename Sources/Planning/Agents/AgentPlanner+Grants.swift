import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// Which tenants an agent may write as, and the copies of their credentials beside it.
extension AgentPlanner {
    /// The reasons for which a tenant's remote write is left out while the others go on.
    static let withheldReasons: Set<String> = ["AgentNotGranted", "TenantOffboarding"]

    /// The credential with which an agent writes to a tenant's gateway. Without a gateway, what it trusts the view by; nil if
    /// that has no TLS.
    ///
    /// Throws ``Diagnostic`` if the agent may not write as the tenant.
    mutating func grant(
        _ tenant: Tenant, of view: GlobalView, _ endpoints: ViewEndpoints, _ field: String,
        _ sources: inout CredentialSources
    ) throws(Diagnostic) -> GrantedCredential? {
        let key = tenant.metadata.key
        if Offboarding(tenant, now: snapshot.now) != nil {
            throw .error(
                about, field, "TenantOffboarding",
                "Tenant \"\(key)\" is being offboarded, and its writes are refused; remove it from the agent")
        }
        guard view.spec.gateway != nil else { return trusted(key, view, endpoints, &sources) }
        guard tenant.grants(to: agent.metadata.key) else {
            throw .error(
                about, field, "AgentNotGranted",
                "Tenant \"\(key)\" does not let this agent write; add {namespace: \(owner.namespace), name: "
                    + "\(agent.metadata.name)} to spec.agents of the Tenant")
        }
        let credential = snapshot.credentials[key]?[.write]
        plan.recheck(after: credential?.waits(at: snapshot.now))
        let granted = GrantedCredential(
            name: copyName(of: key), token: credential?.handedOut(at: snapshot.now),
            authorities: gatewayAuthorities(of: view, &sources))
        if granted.token == nil {
            missing.add(
                .error(
                    about, field, MissingCredentials.reason, "Tenant \"\(key)\" has no credential for writing yet"))
        }
        copies.append(granted)
        return granted
    }

    /// The copies to take away although the last good configuration stays: of tenants that no longer let the agent write.
    var revoked: Set<Plan.Kept> {
        let revoked = agent.tenantKeys.filter { key in
            guard let tenant = snapshot.tenants[key] else { return true }
            // Without a gateway there are no credentials to take away, only authorities.
            if let view = snapshot.globalViews[tenant.globalViewKey], view.spec.gateway == nil { return false }
            return !tenant.grants(to: agent.metadata.key) || tenant.spec.offboarding != nil
        }
        return Set(revoked.map { GrantedCredential(name: copyName(of: $0)).kept(owner) })
    }

    private func copyName(of tenant: ObjectKey) -> String {
        AgentNames.credential(ofTenant: tenant.name, in: tenant.namespace, for: agent.metadata.name)
    }

    /// The copy of the authorities that have signed the certificate of a view without a gateway; nil without TLS.
    private mutating func trusted(
        _ tenant: ObjectKey, _ view: GlobalView, _ endpoints: ViewEndpoints, _ sources: inout CredentialSources
    ) -> GrantedCredential? {
        guard let source = endpoints.writeAuthorities, let reference = view.reference(to: source) else { return nil }
        let field = view.spec.thanos == nil ? "spec.prometheus.web.ca" : "spec.thanos.tls"
        let granted = GrantedCredential(
            name: copyName(of: tenant), authorities: authorities(reference, of: view, field, &sources),
            isForGateway: false)
        copies.append(granted)
        return granted
    }

    /// The authorities in the Secret with the gateway's certificate; nil if it names none.
    private mutating func gatewayAuthorities(of view: GlobalView, _ sources: inout CredentialSources) -> [UInt8]? {
        guard let secret = view.spec.gateway?.tls?.secretName else { return nil }
        let reference = CredentialReference(
            .secret, namespace: view.metadata.namespace ?? "default", name: secret,
            key: GrantedCredential.authoritiesKey)
        return authorities(reference, of: view, "spec.gateway.tls.secretName", &sources)
    }

    private mutating func authorities(
        _ reference: CredentialReference, of view: GlobalView, _ field: String, _ sources: inout CredentialSources
    ) -> [UInt8]? {
        do throws(FieldError) {
            try sources.credentials.require(reference, .certificate, at: FieldPath(field))
        } catch {
            // Most Secrets of gateways name no authority. One that is malformed would keep Prometheus from loading its
            // configuration.
            guard case .value = snapshot.monitoring.find(reference) else { return nil }
            plan.diagnostics.append(
                .warning(
                    about, nil, "GatewayAuthorityInvalid",
                    "GlobalView \"\(view.metadata.key)\": \(error); the agent trusts the authorities of its image"))
            return nil
        }
        guard case .value(let bytes) = snapshot.monitoring.find(reference) else { return nil }
        return bytes
    }

    /// The label that assigns series to a tenant, with its id; nil for a tenant that is not known.
    func label(of key: ObjectKey) -> (name: String, id: String)? {
        guard let tenant = snapshot.tenants[key], !tenant.isGlob, let view = snapshot.globalViews[tenant.globalViewKey]
        else { return nil }
        return (view.tenantLabel, tenant.id)
    }
}

extension Tenant {
    /// Whether an agent may write as the tenant through a gateway.
    fileprivate func grants(to agent: ObjectKey) -> Bool {
        (spec.agents ?? []).contains { $0.namespace == agent.namespace && $0.name == agent.name }
    }
}
