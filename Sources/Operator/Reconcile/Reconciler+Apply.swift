import Kube
import KubeRuntime
import Planning
import PlanningInput
import Receivers

/// A plan was made without the newest that a watch has shown of a published file, or of the number of receivers. Another plan
/// is about to be made.
struct PlanIsBehind: Error {}

extension Reconciler {
    /// Applies the objects of a plan, in its order up to the first that makes the plan wrong. Some Secrets are written at the
    /// same time: an agent has one for each shard.
    func apply(
        _ plan: Plan, about owner: Object, planned: PublishedVersions
    ) async -> [(object: Object, result: Result<ApplyEffect, any Error>)] {
        var results: [(object: Object, result: Result<ApplyEffect, any Error>)] = []
        var rest = plan.objects[...]
        while !rest.isEmpty {
            let batch = Array(rest.prefix(max(1, rest.prefix(while: Self.isIndependent).count)))
            let outcomes = await concurrently(batch) { object in
                await result(of: object, of: plan, about: owner, planned: planned)
            }
            results += zip(batch, outcomes).map { (object: $0, result: $1) }
            rest = rest.dropFirst(batch.count)
            if outcomes.contains(where: \.isPlanWrong) { break }
        }
        return results
    }

    /// Whether an object may be written at the same time as others. Copies of a credential come after the credential.
    private static func isIndependent(_ object: Object) -> Bool {
        object.kind == Resource.secrets.kind && CredentialSecret(object, needsOwner: true) == nil
    }

    private func result(
        of object: Object, of plan: Plan, about owner: Object, planned: PublishedVersions
    ) async -> Result<ApplyEffect, any Error> {
        do {
            return .success(try await apply(object, of: plan, about: owner, planned: planned))
        } catch {
            return .failure(error)
        }
    }

    private func apply(
        _ object: Object, of plan: Plan, about owner: Object, planned: PublishedVersions
    ) async throws -> ApplyEffect {
        if let credential = CredentialSecret(object, needsOwner: true) {
            return try await apply(object, credential, replacing: plan.replaces[object.key])
        }
        let scaled = object.kind == Resource.statefulSets.kind ? plan.scaled[object.key] : nil
        return try await apply(object, of: owner, planned: planned, scaled: scaled)
    }

    /// Applies an object made for a custom resource; recreates it where the API server refuses the change for good.
    private func apply(
        _ object: Object, of owner: Object, planned: PublishedVersions, scaled: Int?
    ) async throws -> ApplyEffect {
        do {
            return try await apply(object, planned: planned, scaled: scaled)
        } catch let refusal as APIStatus where Recreation.mayHelp(object, refusal) {
            guard try await recreate(object, about: owner) else { throw refusal }
            return .none
        }
    }

    /// Applies an object. With `scaled`, only as long as the StatefulSet has that number of replicas.
    @discardableResult
    func apply(_ object: Object, planned: PublishedVersions, scaled: Int? = nil) async throws -> ApplyEffect {
        let resource = try OwnedKinds.resource(of: object)
        let known = stores.owned(resource)?[object.key]
        // What is compared is what is checked: an edit that is shown between a check and the comparison would be repaired
        // without a report.
        if let known, known.isPublished, planned.isBehind(known.applied.version, object.key) { throw PlanIsBehind() }
        let observed = known?.applied
        let check = Self.check(object, scaled, isKnown: known != nil)
        let outcome: Applier.Outcome
        do {
            outcome = try await applier.apply(object, as: resource, observed: observed, replacing: check)
        } catch let status as APIStatus where check != nil && status.isConflict {
            throw PlanIsBehind()
        }
        if case .awaited = outcome { return .awaited }
        guard case .applied(let answer, let written) = outcome else { return .none }
        volumes?.wrote(answer, isNew: observed == nil)
        let owned = OwnedObject(answer, applied: written)
        if known == nil { stores.made(owned, as: OwnedKey(resource, object.key)) }
        enqueue(world.wrote(owned, for: object.key).filter { $0 != owned.madeFor })
        logger.info("applied", metadata: ["object": "\(object)"])
        // The watch is about to show that its pods are not those of this plan yet, which no status should say of them.
        if let known, known.workload != owned.workload { return .shownSoon }
        return .none
    }

    /// What would make a plan wrong that does not know of it, as one watch may be ahead of another: that a StatefulSet was
    /// scaled, and that a hashring file takes the place of somebody else's, which is reported.
    private static func check(_ object: Object, _ scaled: Int?, isKnown: Bool) -> (@Sendable (Object?) throws -> Void)?
    {
        let isTakingOver = !isKnown && PublishedHashrings(object) != nil
        guard scaled != nil || isTakingOver else { return nil }
        return { live in
            guard let live else { return }
            if let scaled, let set = ReceiverSet(live), set.replicas != scaled { throw PlanIsBehind() }
            // With the label, the watch is about to show it.
            if isTakingOver, live.labels[Names.managedByLabel] == Names.manager,
                PublishedHashrings(live)?.isForeign == true
            {
                throw PlanIsBehind()
            }
        }
    }
}

extension Result<ApplyEffect, any Error> {
    /// Whether the rest of the plan is not to be applied.
    fileprivate var isPlanWrong: Bool {
        guard case .failure(let error) = self else { return false }
        return error is PlanIsBehind || error is CredentialChanged
    }
}
