import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

extension AgentPlanner {
    /// Where an agent sends: the entries of its tenants, merged with its own.
    private mutating func remoteWriteSpecs(
        _ configuration: inout AgentConfiguration, _ sources: inout CredentialSources
    ) throws(Diagnostic) -> [RemoteWriteSpec] {
        var problems: [Diagnostic] = []
        var writes = agent.spec.remoteWrite ?? []
        if let key = agent.tenantKey {
            do throws(Diagnostic) {
                let given = try tenantRemoteWrite(key, "spec.tenantRef", &sources)
                configuration.externalLabels[given.label] = .text(given.id)
                writes = given.merged(into: writes)
            } catch {
                guard Self.withheldReasons.contains(error.reason) else { throw error }
                // The agent's other destinations get its series with the same labels as before.
                if let label = label(of: key) { configuration.externalLabels[label.name] = .text(label.id) }
                writes = writes.filter { $0.name != PrometheusAgent.tenantRemoteWriteName }
                problems.append(error)
            }
        }
        if agent.spec.tenantRefs != nil { writes = try shared(writes, &problems, &sources) }
        guard !writes.isEmpty else {
            if var first = problems.first {
                first.severity = .error
                throw first
            }
            // The example of prometheus-operator is such an agent, and Prometheus runs it.
            plan.diagnostics.append(
                .warning(
                    about, "spec.remoteWrite", "NoRemoteWrite",
                    "is empty: what the agent scrapes goes nowhere; set remoteWrite or tenantRef"))
            return []
        }
        plan.diagnostics += problems
        withheld = problems.first { Self.withheldReasons.contains($0.reason) }
        return writes
    }

    /// Adds the remote writes to an agent's configuration. A remote write with invalid settings is left out and
    /// reported. Throws ``Diagnostic`` if each is left out.
    mutating func addRemoteWrites(
        to configuration: inout AgentConfiguration, _ sources: inout CredentialSources
    ) throws(Diagnostic) {
        let specs = try remoteWriteSpecs(&configuration, &sources)
        var problems: [(told: Diagnostic, isLacking: Bool)] = []
        for (index, spec) in specs.enumerated() {
            sources.mount(spec)
            let path = path(of: spec, at: index)
            do throws(FieldError) {
                configuration.remoteWrite.append(try RemoteWrite(spec, &sources))
                missing.add(sources.takeMissing().awaited, at: path)
            } catch {
                let isLacking = sources.takeMissing().isLacking
                let problem = Diagnostic(
                    severity: isLacking ? .error : .warning, about: about,
                    field: FieldPath(path.steps + error.path.steps), reason: Self.remoteWriteRejected,
                    message: error.problem)
                if isLacking { missing.add(problem) }
                problems.append((problem, isLacking))
            }
            if spec.queueConfig?.maxRetries ?? 0 > 0 {
                plan.diagnostics.append(
                    .warning(
                        about, "spec.remoteWrite", "FieldNotSupported",
                        "queueConfig.maxRetries: has no effect since Prometheus v2.11.0"))
            }
        }
        if configuration.remoteWrite.isEmpty, let problem = problems.first {
            var first = problem.told
            first.severity = .error
            first.reason = problem.isLacking ? MissingCredentials.reason : "InvalidSpec"
            throw first
        }
        plan.diagnostics += problems.map(\.told)
    }

    /// The field of a remote write; an entry that only a tenant gives is identified by its name.
    private func path(of spec: RemoteWriteSpec, at index: Int) -> FieldPath {
        let own = agent.spec.remoteWrite ?? []
        let names = [spec.name, PrometheusAgent.tenantRemoteWriteName]
        let isTenants = spec.name?.hasPrefix("\(PrometheusAgent.tenantRemoteWriteName)/") == true
        let found =
            own.firstIndex { $0.name == spec.name && (spec.name != nil || $0.url == spec.url) }
            ?? (isTenants ? own.firstIndex { names.contains($0.name) } : nil)
        let step = found.map(FieldPath.Step.index) ?? spec.name.map(FieldPath.Step.key) ?? .index(index)
        return FieldPath([.key("spec"), .key("remoteWrite"), step])
    }

    /// The reason of an Event about a remote write that is left out.
    static var remoteWriteRejected: String { "RemoteWriteRejected" }

    /// The remote write that a tenant gives to its agents.
    private mutating func tenantRemoteWrite(
        _ key: ObjectKey, _ field: String, _ sources: inout CredentialSources
    ) throws(Diagnostic) -> TenantRemoteWrite {
        guard let tenant = snapshot.tenants[key] else {
            throw .error(
                about, field, "TenantNotFound",
                "there is no Tenant \"\(key)\"; in a cluster without the Tenant, apply the output of "
                    + "\"tributary render --tenant\"")
        }
        if let problem = ViewBackends.problem(of: tenant, in: snapshot) {
            throw .error(about, field, "TenantNotReady", "Tenant \"\(key)\": \(problem.text)")
        }
        guard !tenant.isGlob else {
            throw .error(
                about, field, "TenantIsPattern",
                "Tenant \"\(key)\" has the pattern \"\(tenant.id)\" as its id, which no agent can send; name a "
                    + "Tenant with a whole id")
        }
        guard let view = snapshot.globalViews[tenant.globalViewKey],
            let endpoints = ViewBackends.backend(of: view, in: snapshot)?.endpoints
        else {
            throw .error(
                about, field, "TenantNotReady", "Tenant \"\(key)\": there is no GlobalView \"\(tenant.globalViewKey)\"")
        }
        guard let url = endpoints.writeURL else {
            throw .error(
                about, field, "NoWriteURL",
                "GlobalView \"\(tenant.globalViewKey.name)\" of Tenant \"\(key)\" has no write URL")
        }
        let granted = try grant(tenant, of: view, endpoints, field, &sources)
        // The gateway sets the header from the credential, and takes the caller's away.
        return TenantRemoteWrite(
            id: tenant.id, url: url, replicas: endpoints.replicaWriteURLs, label: endpoints.tenantLabel,
            isToldByLabel: endpoints.tenantHeader == nil,
            header: view.spec.gateway == nil ? endpoints.tenantHeader : nil,
            files: granted.map { $0.mount(in: &sources.files) })
    }

    // MARK: - Several tenants

    /// The entries of an agent's tenants, each with the series of its own namespaces, before the agent's other entries.
    ///
    /// A tenant that is missing or not ready does not hold up the others: their series are not its series.
    private mutating func shared(
        _ writes: [RemoteWriteSpec], _ problems: inout [Diagnostic], _ sources: inout CredentialSources
    ) throws(Diagnostic) -> [RemoteWriteSpec] {
        let shares = agent.tenantShares
        if let label = agent.spec.enforcedNamespaceLabel, !label.isEmpty, label != agent.tenantNamespaceLabel {
            throw .error(
                about, "spec.enforcedNamespaceLabel", "InvalidSpec",
                "\"\(label)\" should be \"\(agent.tenantNamespaceLabel)\", the label by which tenantRefs "
                    + "assigns series to tenants")
        }
        var owners: [String: ObjectKey] = [:]
        for (index, (tenant, share)) in shares.enumerated() {
            for namespace in share.namespaces {
                if let other = owners.updateValue(tenant, forKey: namespace) {
                    throw .error(
                        about, "spec.tenantRefs[\(index)].namespaces", "InvalidSpec",
                        other == tenant
                            ? "\"\(namespace)\" is already assigned to Tenant \"\(tenant)\", which is listed twice"
                            : "\"\(namespace)\" is already assigned to Tenant \"\(other)\": a series has one tenant")
                }
            }
        }
        var entries: [RemoteWriteSpec] = []
        for (index, (tenant, share)) in shares.enumerated() {
            let given: TenantRemoteWrite
            do throws(Diagnostic) {
                given = try tenantRemoteWrite(tenant, "spec.tenantRefs[\(index)]", &sources)
            } catch {
                var problem = error
                if !Self.withheldReasons.contains(problem.reason) { problem.severity = .warning }
                problems.append(problem)
                continue
            }
            entries += given.entries(
                "\(PrometheusAgent.tenantRemoteWriteName)/\(tenant.namespace)/\(tenant.name)",
                of: share.namespaces, by: agent.tenantNamespaceLabel, merging: writes)
        }
        let given = shares.map { "\(PrometheusAgent.tenantRemoteWriteName)/\($0.tenant.namespace)/\($0.tenant.name)" }
        let names = Set(given).union([PrometheusAgent.tenantRemoteWriteName])
        if let unknown = writes.firstIndex(where: { write in
            write.url == nil && !names.contains(write.name ?? "")
        }) {
            throw .error(
                about, "spec.remoteWrite[\(unknown)].name", "InvalidSpec",
                "\"\(writes[unknown].name ?? "")\" does not match any of tenantRefs and has no url")
        }
        return entries + writes.filter { !names.contains($0.name ?? "") }
    }
}
