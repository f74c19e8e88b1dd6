import Kube
import KubeRuntime
import Logging
import Planning
import PlanningInput
import Receivers

/// Brings the cluster to what planning says for one custom resource: applies, removes, reports.
struct Reconciler: Sendable {
    let world: World
    let stores: Stores
    let receivers: ReceiverWatches
    let monitors: MonitorWatches
    let drains: ShardDrains
    /// Asks pods of agents what they send; nil if they are not to be asked.
    let delivery: AgentDelivery?
    /// Asks query APIs which tenants send; nil if they are not to be asked.
    let series: SeriesArrival?
    let grafana: GrafanaKeeper
    let manager: FieldManager
    let applier: Applier
    let statuses: StatusWriter
    let pending = PendingStatuses()
    let vanished: VanishedObjects
    let reporter: Reporter
    let monitorReporter: MonitorReporter
    let metrics: HashringMetrics
    let deliveryMetrics: DeliveryMetrics
    let receivingMetrics: ReceivingMetrics
    let annotator: PodAnnotator
    /// Has pods see changed volumes sooner; nil if pods are not to be annotated.
    let volumes: VolumeRefresh?
    let convergence: Convergence
    let memory: SpareMemoryKeeper
    let logger: Logger
    /// Takes the custom resources to plan again.
    let enqueue: @Sendable ([PlanKey]) -> Void

    /// How often to check whether an object of somebody else still has the name of one of ours.
    private static let conflictRecheck = Duration.seconds(60)

    /// How long the snapshot may take to have what a watch has shown.
    private static let takingIn = Duration.milliseconds(5)

    func reconcile(_ key: PlanKey) async throws -> ReconcileResult {
        guard var header = stores.header(of: key) else {
            // The garbage collector deletes what the custom resource owned, unless it was asked to leave it. Objects in
            // other namespaces have no owner, so they are deleted here.
            try await removeLeftovers(of: key) { _, object in object.applied.owner != nil }
            reporter.forget(key)
            drains.follow(key, [])
            grafana.forget(key)
            monitorReporter.forget(key)
            metrics.forget(key)
            deliveryMetrics.forget(key)
            receivingMetrics.forget(key)
            if case .agent(let agent) = key { delivery?.follow(agent, nil) }
            if case .globalView(let view) = key {
                convergence.follow(view, [])
                series?.follow(view, nil)
            }
            statuses.forget(key.resource, key.objectKey)
            pending.forget(key)
            vanished.forget(key)
            stores.unshown.forget(key)
            return .done
        }
        if header.problem == nil, header.isBeingDeleted { return .done }
        let status = statuses.newest(header.object, as: key.resource).json["status"] ?? [:]
        header.object.json["status"] = status
        // From before the plan: what is taken in after it is not in it.
        let published = world.published
        guard var plan = plan(for: key, header) else { return .done }
        if plan.objects.contains(where: { isBehind(published, $0) }) { return .requeueAfter(Self.takingIn) }
        if try await !mayCreate(plan, key, header.object) { return .requeueAfter(VanishedObjects.patience) }
        var failure: (any Error)?
        var effects: Set<ApplyEffect> = []
        for (object, result) in await apply(plan, about: header.object, planned: published) {
            do {
                effects.insert(try result.get())
            } catch is PlanIsBehind {
                return .requeueAfter(Self.takingIn)
            } catch is CredentialChanged {
                // The plan goes on from another credential than there is; the next one does not.
                return .requeueAfter(Self.takingIn)
            } catch let conflict as Applier.Conflict {
                plan.stall(
                    key, over: header.object, reason: "ObjectConflict", message: "\(conflict)", now: .now)
                // No watch shows objects of others, so none tells when this one is gone.
                plan.recheckAfter = min(plan.recheckAfter ?? Self.conflictRecheck, Self.conflictRecheck)
            } catch {
                failure = failure ?? error
                if let status = error as? APIStatus, status.code < 500, status.code != 429 {
                    plan.stall(
                        key, over: header.object, reason: "ApplyRefused", message: "\(object): \(status.message)",
                        now: .now)
                }
            }
        }
        // A watch that breaks may never show an object that is deleted meanwhile, and shows a change late.
        if !effects.isDisjoint(with: [.awaited, .shownSoon]) || !stores.unshown.madeFor(key).isEmpty {
            plan.recheckAfter = min(plan.recheckAfter ?? Applier.patience, Applier.patience)
        }
        for revoked in plan.revokes {
            try await removeLeftovers(of: key) { owned, _ in owned != OwnedKey(revoked.resource, revoked.key) }
        }
        if !plan.keepsExisting, failure == nil {
            let wanted = Set(
                try plan.objects.map { try OwnedKey($0) } + plan.keeps.map { OwnedKey($0.resource, $0.key) })
            try await removeLeftovers(of: key) { owned, _ in wanted.contains(owned) }
        }
        if failure == nil {
            metrics.update(plan, for: key)
            do {
                try await spread(&plan, key)
            } catch {
                failure = error
            }
        }
        drains.follow(key, plan.drainTargets)
        if case .agent(let agent) = key { delivery?.follow(agent, plan.agentEndpoint) }
        if case .globalView(let view) = key { series?.follow(view, plan.seriesQuestion) }
        deliveryMetrics.update(plan, for: key)
        receivingMetrics.update(plan, for: key)
        grafana.follow(key, plan)
        // Before the status: problems are reported even if the status cannot be written.
        reporter.report(plan.diagnostics, of: key, about: header.object)
        monitorReporter.report(plan.monitors, of: key, about: header.object)
        let isPlannedAgain = failure == nil && !effects.isDisjoint(with: [.plannedAgain, .shownSoon])
        for update in plan.statuses where !isPlannedAgain {
            if let wait = pending.wait(for: update.status, after: status, of: key) {
                plan.recheckAfter = min(plan.recheckAfter ?? wait, wait)
                continue
            }
            try await statuses.write(update.status, of: header.object, as: update.resource)
        }
        if let failure { throw failure }
        return plan.recheckAfter.map { .requeueAfter($0) } ?? .done
    }

    /// The plan; nil where what it depends on is not all known yet, which enqueues the key again once it is.
    private func plan(for key: PlanKey, _ header: Stores.Header) -> Plan? {
        if let problem = header.problem { return Plan(unreadable: key, problem, over: header.object, now: .now) }
        switch key {
        case .tenant:
            while true {
                let rules = monitors.knowledge(of: key)
                let plan = world.plan(for: key, status: header.status, rules: rules.of) { _ in true }
                if monitors.stillHolds(rules) { return plan.flatMap { awaited($0, key, header) } }
            }
        case .globalView(let view):
            // What a plan asks for may be known already by the time it is watched for this view too.
            for attempt in 0..<3 {
                guard let plan = plan(ofView: view, header) else { break }
                monitors.need(plan.credentialSources, of: key)
                if !plan.isWaiting, !plan.isPartial || attempt == 2 { return plan }
                if plan.isWaiting, let failed = awaited(plan, key, header) { return failed }
            }
            return monitors.failure(for: key).map { Plan(waiting: key, for: $0, over: header.object, now: .now) }
        case .agent(let agent):
            // What a plan asks for may be known already by the time it is watched for this agent too.
            for _ in 0..<3 {
                guard let plan = plan(ofAgent: agent, header) else { break }
                monitors.need(plan.credentialSources, of: key)
                if !plan.isWaiting { return plan }
            }
            return monitors.failure(for: key).map { Plan(waiting: key, for: $0, over: header.object, now: .now) }
        }
    }

    /// A plan that does not wait for credentials; nil for one that does, unless a watch fails.
    private func awaited(_ plan: Plan, _ key: PlanKey, _ header: Stores.Header) -> Plan? {
        guard plan.isWaiting else { return plan }
        return monitors.failure(of: plan.credentialSources).map {
            Plan(waiting: key, for: $0, over: header.object, now: .now)
        }
    }

    private func plan(ofView view: ObjectKey, _ header: Stores.Header) -> Plan? {
        while true {
            // Half the receivers known would look like half of them gone.
            let complete = (receivers: receivers.complete, monitors: monitors.complete)
            let rules = monitors.knowledge(of: .globalView(view))
            let plan = world.plan(for: .globalView(view), status: header.status, rules: rules.of) {
                complete.receivers.hasAll(for: view, in: $0) && complete.monitors.hasAll(for: .globalView(view), in: $0)
            }
            // A watch that ends takes what it knew out of the snapshot.
            if receivers.complete.includes(complete.receivers), monitors.complete.includes(complete.monitors),
                monitors.stillHolds(rules)
            {
                return plan
            }
        }
    }

    private func plan(ofAgent agent: ObjectKey, _ header: Stores.Header) -> Plan? {
        while true {
            let complete = monitors.complete
            let plan = world.plan(for: .agent(agent), status: header.status) {
                complete.hasAll(for: .agent(agent), in: $0)
            }
            if monitors.complete.includes(complete) { return plan }
        }
    }

    /// Has the hashring file that was applied arrive sooner, and follows which receivers have it.
    private func spread(_ plan: inout Plan, _ key: PlanKey) async throws {
        guard case .globalView(let view) = key else { return }
        if let refused = try await annotator.annotate(plan.annotations) {
            plan.diagnostics.append(
                .happened(
                    key, "spec.thanos.annotatePods", "AnnotateForbidden",
                    "pods get the hashring file on the next kubelet sync: \(refused.message)"))
        }
        convergence.follow(view, plan.fileReaders)
    }

    /// Whether the plan was made without the newest that a watch has shown of a hashring file.
    private func isBehind(_ published: PublishedVersions, _ object: Object) -> Bool {
        guard object.kind == Resource.configMaps.kind,
            let observed = stores.owned(.configMaps)?[object.key], observed.isPublished
        else { return false }
        return published.isBehind(observed.applied.version, object.key)
    }

    /// Deletes what was made for a custom resource and is no longer made. A copy that somebody made of such an object has
    /// its label and its owner, but was never applied by us.
    private func removeLeftovers(of key: PlanKey, except stays: (OwnedKey, OwnedObject) -> Bool) async throws {
        for (owned, object) in stores.madeFor(key)
        where !stays(owned, object) && object.applied.isApplied && !object.applied.isBeingDeleted {
            let isDeleted = try await applier.deleteOwned(owned.resource, owned.key, uid: object.applied.uid)
            stores.unshown.isShown(object, as: owned)
            if isDeleted {
                logger.info("deleted", metadata: ["object": "\(owned.resource.kind) \(owned.key)"])
            }
        }
    }
}
