import Kube
import KubeRuntime
import PlanningInput

/// A Secret holds another credential than the plan goes on from.
struct CredentialChanged: Error {}

extension Reconciler {
    /// Applies a Secret with a credential of a tenant, which never replaces a credential that the plan did not know: one that
    /// somebody has set by hand, or that another leader has made.
    ///
    /// Throws ``CredentialChanged`` if there is another one; the snapshot has it then.
    func apply(_ object: Object, _ planned: CredentialSecret, replacing expected: TenantCredential?) async throws
        -> ApplyEffect
    {
        let observed = stores.owned(.secrets)?[object.key]?.applied
        let outcome: Applier.Outcome
        do {
            outcome = try await applier.apply(object, as: .secrets, observed: observed, isNew: expected == nil) {
                [world, manager, enqueue] live in
                guard let live else {
                    guard expected != nil else { return }
                    enqueue(world.isGone(planned, object.key))
                    throw CredentialChanged()
                }
                let found = OwnedObject(live, manager: manager)
                guard let credential = found.credential else {
                    throw Applier.Conflict(
                        object: "\(object)", found: "does not belong to Tenant \(planned.tenant.name)")
                }
                guard credential.credential != expected else { return }
                enqueue(world.wrote(found, for: object.key))
                throw CredentialChanged()
            }
        } catch let status as APIStatus where status.isConflict {
            throw CredentialChanged()
        }
        if case .awaited = outcome { return .awaited }
        guard case .applied(let answer, let written) = outcome else { return .none }
        // The tenant's own plan as well: its status says since when the credential is valid. A watch may have shown the Secret
        // already, and then the snapshot has nothing new.
        let own = PlanKey.tenant(planned.tenant)
        let owned = OwnedObject(answer, applied: written)
        enqueue(world.wrote(owned, for: object.key).filter { $0 != own } + [own])
        logger.info("applied", metadata: ["object": "\(object)"])
        return .plannedAgain
    }
}
