import Kube
import PlanningInput
import Receivers
import TributaryAPI

/// How many receivers a managed hashring should have, and whether Tributary says so.
///
/// With `externalScaling`, Tributary leaves `spec.replicas` of the StatefulSet out of what it applies once somebody else has
/// set it. Before that it has to apply the number that is there: a field that its only owner no longer applies goes back to
/// its default, and one receiver would be left. Whoever then scales takes the field over; a plan that does not know of it yet
/// is not applied.
struct ReceiverScale {
    /// The receivers that the hashring should have.
    var wanted: Int
    /// The number that the StatefulSet has, where somebody else may scale it; nil if there is no StatefulSet.
    var seen: Int?
    /// Whether somebody else has set ``wanted``.
    var isLeft = false
    /// The number that somebody else has set and that is too small, and who it was, if the API server knows it.
    var refused: (replicas: Int, by: String?)?

    init(of hashring: HashringSpec, in view: ThanosView) {
        guard let external = hashring.externalScaling else {
            wanted = hashring.replicas ?? 1
            return
        }
        let name = ThanosNames.receivers(hashring.name, of: view.name)
        let set = view.snapshot.receiverSets[ObjectKey(namespace: view.namespace, name: name)]
        seen = set?.replicas
        guard let set, set.scalers?.isEmpty != true else {
            // A StatefulSet that was deleted, or was created without a number, had the receivers that the file names.
            let named = NamedReceivers([view.published?.file], in: view.namespace).ordinals(of: name)
            wanted = max(external.minReplicas, named.max().map { $0 + 1 } ?? 0)
            // Of who scales to 0 API servers keep no record.
            if set?.replicas == 0 { refused = (0, nil) }
            return
        }
        wanted = max(external.minReplicas, set.replicas)
        guard let other = set.scalers?.subtracting([Names.manager]).min() else { return }
        isLeft = wanted == set.replicas
        if !isLeft { refused = (set.replicas, other) }
    }
}
