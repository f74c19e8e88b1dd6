import Hashring
import Kube
import PlanningInput
import TributaryAPI

/// The watches of a hashring that the API server does not allow.
struct ForbiddenWatches {
    private let scopes: [ReceiverScope]

    init(_ hashring: HashringSpec, of view: ThanosView) {
        let snapshot = view.snapshot
        guard !snapshot.forbiddenWatches.isEmpty else {
            scopes = []
            return
        }
        let needed = snapshot.receiverSelectors(of: view.key).filter { $0.hashring == hashring.name }
            .reduce(into: Set()) { $0.formUnion(snapshot.scopes(of: $1, in: view.key)) }
        scopes = needed.intersection(snapshot.forbiddenWatches).sorted {
            ($0.resource.plural, $0.namespace ?? "", $0.labelSelector)
                < ($1.resource.plural, $1.namespace ?? "", $1.labelSelector)
        }
    }

    /// Whether the operator cannot see receivers, so that no receiver may join or leave.
    var hidesReceivers: Bool { scopes.contains { $0.resource == .statefulSets || $0.resource == .pods } }

    /// Whether the operator cannot see zones.
    var hidesZones: Bool { scopes.contains { $0.resource == .nodes || $0.resource == .endpointSlices } }

    /// Errors that name the missing permissions.
    func diagnostics(_ hashring: HashringSpec, about: PlanKey, at field: String) -> [Diagnostic] {
        scopes.map { scope in
            let effect =
                hidesReceivers
                ? "hashring \"\(hashring.name)\" stays as it is"
                : "no receiver joins hashring \"\(hashring.name)\", since no zone is known"
            let resource = scope.resource
            let name = resource.group.isEmpty ? resource.plural : "\(resource.plural).\(resource.group)"
            let advice =
                scope.resource == .nodes ? "by a ClusterRole, or take the zone from endpointSlice" : "to Tributary"
            return .error(
                about, field, "WatchForbidden",
                "\(effect): Tributary may not list and watch \(name) \(scope.place); grant the verbs list and watch "
                    + advice)
        }
    }
}
