import Kube
import Planning
import PlanningInput

extension Reconciler {
    /// Whether what a plan lacks may be created: not if it has vanished along with its custom resource.
    func mayCreate(_ plan: Plan, _ key: PlanKey, _ owner: Object) async throws -> Bool {
        let isMissing = plan.objects.contains { object in
            guard let resource = try? OwnedKinds.resource(of: object) else { return false }
            return stores.owned(resource)?[object.key] == nil
        }
        if isMissing { return try await vanished.mayReturn(for: key, owner) }
        vanished.forget(key)
        return true
    }
}
