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
        plan.diagnostics += NotYetFollowed.diagnostics(NotYetFollowed.fields(of: tenant), about: about)
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
                of: tenant, endpoints: endpoints, readURL: endpoints.queryURL == nil ? nil : readURL, problem: nil))
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
        return nil
    }

    private func status(
        of tenant: Tenant, endpoints: ViewEndpoints?, readURL: String?, problem: Diagnostic?
    ) -> StatusUpdate {
        let readiness: Readiness
        if let problem {
            readiness = .stalled(problem.reason, problem.text)
        } else if readURL == nil {
            readiness = .stalled("NoQueryURL", "the GlobalView names no query URL, so there is nothing to read from")
        } else {
            let proxy = WorkloadKey(
                .deployments,
                ObjectKey(
                    namespace: tenant.metadata.namespace ?? "default", name: ReadProxy.name(of: tenant.metadata.name)))
            readiness = .of(workloads[proxy], called: "the read proxy")
        }
        let isSoft = tenant.spec.hashring == nil && tenant.globalViewUsesThanos(in: self)
        var status: JSON = [
            "observedGeneration": tenant.metadata.generation.map { .int($0) } ?? .null,
            "id": JSON(tenant.id),
            "hashring": (tenant.spec.hashring ?? (isSoft ? "(soft)" : nil)).map { JSON($0) } ?? .null,
            "readURL": readURL.map { JSON($0) } ?? .null,
            "writeURL": endpoints?.writeURL.map { JSON($0) } ?? .null,
        ]
        status["conditions"] = readiness.conditions(
            over: tenant.status?.conditions ?? [], generation: tenant.metadata.generation, now: now)
        return StatusUpdate(resource: Tenant.resource, key: tenant.metadata.key, status: status.droppingNulls)
    }
}

extension Tenant {
    fileprivate func globalViewUsesThanos(in snapshot: Snapshot) -> Bool {
        snapshot.globalViews[globalViewKey]?.spec.thanos != nil
    }
}
