import Hashring
import Kube
import PrometheusConfig
import TributaryAPI
import YAML

extension Snapshot {
    /// What one global view needs: its hashring file or its central Prometheus, and its status.
    func planGlobalView(_ view: GlobalView) -> Plan {
        guard !view.isPaused else { return Plan(paused: view, now: now) }
        let about = PlanKey.globalView(view.metadata.key)
        let owner = Owner(resource: GlobalView.resource, metadata: view.metadata)
        let tenants = tenantKeys(of: view.metadata.key).count
        var plan = Plan()
        if let error = specProblem(of: view) {
            let problem = Diagnostic(
                severity: .error, about: about, field: error.path, reason: "InvalidSpec", message: error.problem)
            plan.diagnostics.append(problem)
            plan.keepsExisting = true
            plan.statuses.append(
                status(of: view, tenants: tenants, rings: nil, .stalled(problem.reason, problem.text)))
            return plan
        }
        let readiness: Readiness
        var rings: HashringPlan?
        var arrival: FileArrival?
        if let thanos = view.spec.thanos {
            let hashrings = HashringPlan(view, thanos, in: self)
            plan.diagnostics += hashrings.diagnostics
            plan.recheckAfter = hashrings.recheckAfter
            if let text = hashrings.text { plan.objects.append(configMap(view, owner, text, hashrings)) }
            plan.hashrings = hashrings.report(of: view, tenants: tenants, in: self)
            let limits = LimitsPlan(view, thanos, in: self)
            plan.diagnostics += limits.diagnostics
            plan.objects += limits.object(view, owner).map { [$0] } ?? []
            let receivers = ReceiverPlan(view, thanos, hashrings, hasLimits: limits.text != nil, in: self)
            plan.objects += receivers.objects
            plan.keeps = receivers.keeps
            plan.diagnostics += receivers.diagnostics
            plan.recheckAfter = [plan.recheckAfter, receivers.recheckAfter].compactMap { $0 }.min()
            let arriving = FileArrival(view, thanos, hashrings, in: self)
            plan.diagnostics += arriving.diagnostics
            plan.recheckAfter = [plan.recheckAfter, arriving.recheckAfter].compactMap { $0 }.min()
            plan.annotations = arriving.annotations
            readiness = arriving.readiness(
                limits.readiness ?? hashrings.readiness(with: receivers, in: self))
            arrival = arriving
            rings = hashrings
        } else if let prometheus = view.spec.prometheus {
            do throws(Diagnostic) {
                plan.objects += try centralPrometheus(view, prometheus, owner, &plan.diagnostics)
                if let ingress = ViewEndpoints(view).ingress { plan.objects.append(ingress.object) }
                let name = CentralPrometheus.name(of: view.metadata.name)
                let key = ObjectKey(namespace: owner.namespace, name: name)
                readiness = .of(workloads[WorkloadKey(.statefulSets, key)], called: "the central Prometheus")
            } catch {
                // The last good configuration goes on working.
                plan.keepsExisting = true
                plan.diagnostics.append(error)
                readiness = .stalled(error.reason, error.text)
            }
        } else {
            readiness = .ready("there is nothing to run for an external service")
        }
        var update = status(of: view, tenants: tenants, rings: rings, readiness)
        arrival?.add(to: &update.status)
        plan.statuses.append(update)
        return plan
    }

    private func configMap(_ view: GlobalView, _ owner: Owner, _ text: String, _ rings: HashringPlan) -> Object {
        var annotations: [String: String] = [:]
        if !rings.retained.isEmpty {
            annotations[Names.retainedAnnotation] = rings.retained.joined(separator: ",")
        }
        let hashes = rings.equivalentHashes
        if !hashes.isEmpty {
            annotations[Names.equivalentAnnotation] = hashes.map { String($0, radix: 16) }.joined(separator: ",")
        }
        return owner.object(
            .configMaps, view.hashringConfigMapName, labels: owner.labels("hashrings", name: "thanos-receive"),
            annotations: annotations, ["data": [PublishedHashrings.fileName: JSON(text)]])
    }

    /// The central Prometheus's objects; spokes that it would refuse are left out and told.
    private func centralPrometheus(
        _ view: GlobalView, _ spec: PrometheusSpec, _ owner: Owner, _ diagnostics: inout [Diagnostic]
    ) throws(Diagnostic) -> [Object] {
        let about = PlanKey.globalView(view.metadata.key)
        var files = FileMounts()
        var configuration = ServerConfiguration()
        // An agent that was cut off sends its backlog after others have sent newer samples of the same series.
        configuration.outOfOrderTimeWindow = "2h"
        configuration.scrapeConfigs = (spec.federate ?? []).map { $0.scrapeConfig(&files) }
        configuration.remoteReads = (spec.remoteRead ?? []).map { $0.configuration(&files) }
        let version = view.prometheusVersion
        let generated = configuration.generate(for: version)
        for problem in generated.problems where problem.effect != .fatal {
            let reason = problem.effect == .rejected ? "SpokeRejected" : "FieldNotSupported"
            diagnostics.append(.warning(about, "spec.prometheus", reason, problem.description))
        }
        guard let file = generated.json else {
            let fatal = generated.problems.filter { $0.effect == .fatal }.map(\.description)
            throw .error(about, "spec.prometheus", "ConfigurationInvalid", fatal.joined(separator: "; "))
        }
        return CentralPrometheus(
            owner: owner, image: view.prometheusImage, version: version, replicas: spec.replicas ?? 1,
            retention: spec.retention ?? "15d", storage: spec.storage?.claim,
            resources: spec.resources?.json ?? ["requests": ["cpu": "100m", "memory": "512Mi"]],
            configurationFile: YAML.write([file]), files: files
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
            status["hashrings"] = .array(Array((rings.rings.map(\.status) + rings.oldStatuses).prefix(64)))
            status["hashringSummary"] = JSON(
                rings.rings.map { "\($0.spec.name) \($0.members.count)/\($0.desired)" }.joined(separator: ", "))
            status["publishedAt"] = rings.changed(in: view.status, now: now).map { JSON($0.description) } ?? .null
        } else if view.spec.thanos != nil, let old = view.status.flatMap({ try? JSON(encoding: $0) }) {
            // What is published stays published, and steps are timed from when it was.
            for member in ["hashrings", "hashringSummary", "publishedAt"] { status[member] = old[member] }
        }
        status["conditions"] = readiness.conditions(
            over: view.status?.conditions ?? [], generation: view.metadata.generation, now: now)
        return StatusUpdate(resource: GlobalView.resource, key: view.metadata.key, status: status.droppingNulls)
    }
}

extension HashringPlan {
    /// How the rings are doing, and what runs their receivers.
    func readiness(with receivers: ReceiverPlan, in snapshot: Snapshot) -> Readiness {
        let diagnostics = diagnostics + receivers.diagnostics
        if let error = diagnostics.first(where: { $0.severity == .error }) {
            return .stalled(error.reason, error.message)
        }
        if let waiting = diagnostics.first { return .progressing(reason: waiting.reason, message: waiting.message) }
        let pending = rings.flatMap { ring in
            ring.pending.map { "\($0.pod) of \(ring.spec.name) (\($0.reason.rawValue))" }
        }
        if !pending.isEmpty {
            return .progressing(reason: "MembersPending", message: "waiting for \(pending.listed())")
        }
        if let old = old.first { return .progressing(reason: "HashringRetiring", message: old.message) }
        if let waiting = receivers.waiting { return .progressing(reason: "ScaleDownWaiting", message: waiting) }
        for (key, name) in receivers.workloads {
            let readiness = Readiness.of(snapshot.workloads[key], called: name)
            guard case .ready = readiness else { return readiness }
        }
        return .ready("all hashrings are as their receivers are")
    }

    /// The entries in the status of rings that are not in the specification any more.
    var oldStatuses: [JSON] {
        old.filter { old in !rings.contains { $0.spec.name == old.name } }.map { old in
            ["name": JSON(old.name), "members": JSON(old.members.count), "desired": 0]
        }
    }
}

extension HashringPlan.Old {
    /// Why the ring is still there.
    fileprivate var message: String {
        tenants.isEmpty
            ? "hashring \"\(name)\" stays until every tenant has another"
            : "hashring \"\(name)\" stays until \(tenants.listed()) have another"
    }
}

extension HashringPlan.Ring {
    /// The ring's entry in the status.
    var status: JSON {
        let digest = SHA256.hexadecimal(members.map(\.address).joined(separator: "\n"))
        // As many as the schema takes.
        let waiting = pending.prefix(100).map { pending -> JSON in
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
