import Kube
import TributaryAPI

extension Snapshot {
    /// What one tenant needs: its read proxy, its datasource, and the status that tells its URLs.
    func planTenant(_ tenant: Tenant) -> Plan {
        let about = PlanKey.tenant(tenant.metadata.key)
        var plan = Plan()
        let problem = findProblem(tenant)
        if let problem {
            plan.diagnostics.append(problem)
            // What was made while the tenant was right stays: its people go on reading.
            plan.keepsExisting = true
            plan.statuses.append(status(of: tenant, endpoints: nil, readURL: nil, problem: problem))
            return plan
        }
        guard let view = globalViews[tenant.globalViewKey] else { return plan }
        let endpoints = ViewEndpoints(view)
        let oddities = findOddities(tenant, of: view)
        plan.diagnostics += oddities
        guard !tenant.isGlob else {
            // Whoever it stands for reads by Tenants of their own.
            plan.statuses.append(
                status(of: tenant, endpoints: endpoints, readURL: nil, problem: nil, oddities: oddities))
            return plan
        }
        let owner = Owner(resource: Tenant.resource, metadata: tenant.metadata)
        let readURL = "http://\(ReadProxy.name(of: tenant.metadata.name)).\(owner.namespace).svc:\(ReadProxy.port)"
        if let upstream = endpoints.queryURL {
            let defaults = view.spec.readProxy
            let proxy = ReadProxy(
                owner: owner, label: endpoints.tenantLabel, values: [tenant.id] + (tenant.spec.read?.alsoSees ?? []),
                upstream: upstream, filtersRules: endpoints.filtersRules, image: view.readProxyImage,
                replicas: tenant.spec.read?.replicas ?? defaults?.replicas ?? 1,
                resources: defaults?.resources?.json ?? ReadProxy.defaultResources)
            plan.objects += proxy.objects
            if let allowFrom = tenant.spec.read?.allowFrom {
                plan.objects.append(proxy.networkPolicy(allowFrom: allowFrom.map(\.namespace)))
            }
            plan.objects.append(
                GrafanaDatasource(
                    owner: owner, name: tenant.datasourceName, url: readURL,
                    organization: tenant.spec.grafana?.organization, flavour: endpoints.flavour,
                    selectingLabels: view.spec.grafana?.datasourceLabels ?? ["grafana_datasource": "1"]
                ).object)
        } else {
            plan.diagnostics.append(
                .warning(
                    about, nil, "NoQueryURL",
                    "GlobalView \"\(view.metadata.name)\" names no query URL, so there is nothing to read from"))
        }
        plan.statuses.append(
            status(
                of: tenant, endpoints: endpoints, readURL: endpoints.queryURL == nil ? nil : readURL, problem: nil,
                oddities: oddities))
        return plan
    }

    /// Why a tenant cannot be brought on; nil where it can.
    func findProblem(_ tenant: Tenant) -> Diagnostic? {
        let about = PlanKey.tenant(tenant.metadata.key)
        if let error = specProblem(of: tenant) {
            return Diagnostic(
                severity: .error, about: about, field: error.path, reason: "InvalidSpec", message: error.problem)
        }
        guard let view = globalViews[tenant.globalViewKey] else {
            let known = globalViews.keys.filter { $0.namespace == tenant.globalViewKey.namespace }.map(\.name).sorted()
            let has = known.isEmpty ? "has none" : "has: \(known.listed())"
            return .error(
                about, "spec.globalViewRef.name", "GlobalViewNotFound",
                "\"\(tenant.globalViewKey.name)\" is not a GlobalView of namespace \"\(tenant.globalViewKey.namespace)\" (it \(has))"
            )
        }
        if let error = specProblem(of: view) {
            return .error(
                about, nil, "GlobalViewInvalid",
                "waits for GlobalView \"\(view.metadata.name)\" to be put right: \(error)")
        }
        if let first = tenants(withID: tenant.id, of: tenant.globalViewKey).first,
            first.metadata.key != tenant.metadata.key
        {
            return .error(
                about, "spec.id", "DuplicateID",
                "\"\(tenant.id)\" is the id of Tenant \"\(first.metadata.key)\" already; each id stands for one tenant")
        }
        return ringProblem(tenant, view, about)
    }

    private func ringProblem(_ tenant: Tenant, _ view: GlobalView, _ about: PlanKey) -> Diagnostic? {
        guard let thanos = view.spec.thanos else {
            guard let ring = tenant.spec.hashring else { return nil }
            return .error(
                about, "spec.hashring", "HashringNotFound",
                "\"\(ring)\" is not a hashring of GlobalView \"\(view.metadata.name)\" (it has none: hashrings are Thanos's)"
            )
        }
        let rings = thanos.hashrings ?? []
        let names = rings.map(\.name).joined(separator: ", ")
        guard let ring = tenant.spec.hashring else {
            guard !rings.contains(where: \.isSoft) else { return nil }
            return .error(
                about, "spec.hashring", "HashringNotFound",
                "is required: GlobalView \"\(view.metadata.name)\" has no soft hashring that takes everyone (it has: \(names))"
            )
        }
        guard rings.contains(where: { $0.name == ring }) else {
            return .error(
                about, "spec.hashring", "HashringNotFound",
                "\"\(ring)\" is not a hashring of GlobalView \"\(view.metadata.name)\" (it has: \(names))")
        }
        return onRingProblem(tenant, view, thanos, about)
    }

    /// What the tenant asks for and its hashring cannot give.
    private func onRingProblem(
        _ tenant: Tenant, _ view: GlobalView, _ thanos: ThanosSpec, _ about: PlanKey
    ) -> Diagnostic? {
        let isSoft = (thanos.hashrings ?? []).contains { $0.name == tenant.spec.hashring && $0.isSoft }
        if isSoft, tenant.isGlob || tenant.spec.externalLabels != nil {
            let what = tenant.isGlob ? "patterns say nothing" : "external labels never apply"
            return .error(
                about, "spec.hashring", "HashringSoft",
                "\"\(tenant.spec.hashring ?? "")\" takes everyone that no other hashring takes, and \(what) there; name "
                    + "another hashring")
        }
        if tenant.spec.externalLabels?[view.tenantLabel] != nil {
            return .error(
                about, "spec.externalLabels", "TenantLabelGiven",
                "\"\(view.tenantLabel)\" is the label that each series carries its tenant's id in; leave it out")
        }
        return nil
    }

    private func status(
        of tenant: Tenant, endpoints: ViewEndpoints?, readURL: String?, problem: Diagnostic?,
        oddities: [Diagnostic] = []
    ) -> StatusUpdate {
        var readiness: Readiness
        if let problem = problem ?? oddities.first(where: { $0.severity == .error }) {
            readiness = .stalled(problem.reason, problem.text)
        } else if tenant.isGlob {
            readiness = .ready("every id that it matches goes to its hashring")
        } else if readURL == nil {
            readiness = .stalled("NoQueryURL", "the GlobalView names no query URL, so there is nothing to read from")
        } else {
            let proxy = WorkloadKey(
                .deployments,
                ObjectKey(
                    namespace: tenant.metadata.namespace ?? "default", name: ReadProxy.name(of: tenant.metadata.name)))
            readiness = .of(workloads[proxy], called: "the read proxy")
        }
        if case .ready(let message) = readiness, !oddities.isEmpty {
            readiness = .ready(([message] + oddities.map(\.text)).joined(separator: "; "))
        }
        var status: JSON = [
            "observedGeneration": tenant.metadata.generation.map { .int($0) } ?? .null,
            "id": JSON(tenant.id),
            "hashring": hashring(of: tenant).map { JSON($0) } ?? .null,
            "readURL": readURL.map { JSON($0) } ?? .null,
            "writeURL": endpoints?.writeURL.map { JSON($0) } ?? .null,
        ]
        status["conditions"] = readiness.conditions(
            over: tenant.status?.conditions ?? [], generation: tenant.metadata.generation, now: now)
        return StatusUpdate(resource: Tenant.resource, key: tenant.metadata.key, status: status.droppingNulls)
    }
}

extension Snapshot {
    /// Where a tenant's series go, for its status.
    private func hashring(of tenant: Tenant) -> String? {
        guard let view = globalViews[tenant.globalViewKey], view.spec.thanos != nil else { return tenant.spec.hashring }
        if !tenant.isGlob, let (other, ring) = patternBefore(tenant, of: view) { return "\(ring) (by \(other.id))" }
        return tenant.spec.hashring ?? "(soft)"
    }
}
