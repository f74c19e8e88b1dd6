import Hashring
import Kube
import TributaryAPI

extension Snapshot {
    /// What one global view needs: its hashring file or its central Prometheus, and its status.
    func planGlobalView(_ view: GlobalView) -> Plan {
        let about = PlanKey.globalView(view.metadata.key)
        let owner = Owner(resource: GlobalView.resource, metadata: view.metadata)
        let tenants = tenantKeys(of: view.metadata.key).count
        var plan = Plan()
        if let error = view.validate().first {
            let problem = Diagnostic(
                severity: .error, about: about, field: error.path, reason: "InvalidSpec", message: error.problem)
            plan.diagnostics.append(problem)
            plan.keepsExisting = true
            plan.statuses.append(
                status(of: view, tenants: tenants, rings: nil, .stalled(problem.reason, problem.text)))
            return plan
        }
        plan.diagnostics += NotYetFollowed.diagnostics(NotYetFollowed.fields(of: view), about: about)
        let readiness: Readiness
        var rings: HashringPlan?
        if let thanos = view.spec.thanos {
            let hashrings = HashringPlan(view, thanos, in: self)
            plan.diagnostics += hashrings.diagnostics
            plan.recheckAfter = hashrings.recheckAfter
            if let text = hashrings.text {
                plan.objects.append(configMap(view, owner, text))
            }
            readiness = hashrings.readiness
            rings = hashrings
        } else if let prometheus = view.spec.prometheus {
            plan.objects += centralPrometheus(view, prometheus, owner)
            if let ingress = ViewEndpoints(view).ingress { plan.objects.append(ingress.object) }
            readiness = .of(
                workloads[
                    WorkloadKey(
                        .statefulSets,
                        ObjectKey(namespace: owner.namespace, name: CentralPrometheus.name(of: view.metadata.name)))],
                called: "the central Prometheus")
        } else {
            readiness = .ready("there is nothing to run for an external service")
        }
        plan.statuses.append(status(of: view, tenants: tenants, rings: rings, readiness))
        return plan
    }

    private func configMap(_ view: GlobalView, _ owner: Owner, _ text: String) -> Object {
        owner.object(
            .configMaps, view.hashringConfigMapName, labels: owner.labels("hashrings", name: "thanos-receive"),
            ["data": [PublishedHashrings.fileName: JSON(text)]])
    }

    private func centralPrometheus(_ view: GlobalView, _ spec: PrometheusSpec, _ owner: Owner) -> [Object] {
        var files = FileMounts()
        let federations = (spec.federate ?? []).map { $0.scrapeConfig(&files) }
        let remoteReads = (spec.remoteRead ?? []).map { $0.configuration(&files) }
        return CentralPrometheus(
            owner: owner, image: view.prometheusImage,
            version: view.prometheusVersion, replicas: spec.replicas ?? 1,
            retention: spec.retention ?? "15d", storage: spec.storage?.claim,
            resources: spec.resources?.json ?? ["requests": ["cpu": "100m", "memory": "512Mi"]],
            federations: federations, remoteReads: remoteReads, files: files
        ).objects
    }

    private func status(
        of view: GlobalView, tenants: Int, rings: HashringPlan?, _ readiness: Readiness
    ) -> StatusUpdate {
        var status: JSON = [
            "observedGeneration": view.metadata.generation.map { .int($0) } ?? .null,
            "kind": JSON(view.kindName),
            "tenants": JSON(tenants),
        ]
        if let rings {
            status["hashrings"] = .array(rings.rings.map(\.status))
            status["hashringSummary"] = JSON(
                rings.rings.map { "\($0.spec.name) \($0.members.count)/\($0.desired)" }.joined(separator: ", "))
            let changed = rings.isUnchanged ? view.status?.publishedAt : rings.text == nil ? nil : now.description
            status["publishedAt"] = changed.map { JSON($0) } ?? .null
        }
        status["conditions"] = readiness.conditions(
            over: view.status?.conditions ?? [], generation: view.metadata.generation, now: now)
        return StatusUpdate(resource: GlobalView.resource, key: view.metadata.key, status: status.droppingNulls)
    }
}

extension HashringPlan {
    /// How the rings are doing.
    var readiness: Readiness {
        if let error = diagnostics.first(where: { $0.severity == .error }) {
            return .stalled(error.reason, error.message)
        }
        if let waiting = diagnostics.first { return .progressing(reason: waiting.reason, message: waiting.message) }
        let pending = rings.flatMap { ring in
            ring.pending.map { "\($0.pod) of \(ring.spec.name) (\($0.reason.rawValue))" }
        }
        if pending.isEmpty { return .ready("all hashrings are as their receivers are") }
        return .progressing(reason: "MembersPending", message: "waiting for \(pending.joined(separator: ", "))")
    }
}

extension HashringPlan.Ring {
    /// The ring's entry in the status.
    var status: JSON {
        let digest = SHA256.hexadecimal(members.map(\.address).joined(separator: "\n"))
        let waiting = pending.map { pending -> JSON in
            [
                "pod": JSON(pending.pod), "reason": JSON(pending.reason.rawValue),
                "since": pending.since.map { JSON($0.description) } ?? .null,
            ]
        }
        let status: JSON = [
            "name": JSON(spec.name), "members": JSON(members.count), "desired": JSON(desired),
            "hash": members.isEmpty ? .null : JSON(String(digest.prefix(12))),
            "pending": waiting.isEmpty ? .null : .array(waiting),
        ]
        return status.droppingNulls
    }
}
