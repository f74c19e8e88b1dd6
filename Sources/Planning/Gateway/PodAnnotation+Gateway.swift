import Kube
import PlanningInput

extension PodAnnotation {
    /// The least time between two annotations of a pod, so that many changes at once are announced together.
    static var gatewayPause: Duration { .seconds(2) }

    /// The annotations that announce a configuration to the pods of a view's gateway, and after which time the next ones
    /// are due.
    ///
    /// A pod that has just started gets one as well: whether its volume was filled before the last change cannot be seen.
    static func gateway(
        of view: ObjectKey, hash: String, in snapshot: Snapshot
    ) -> (annotations: [PodAnnotation], after: Duration?) {
        let pods = snapshot.gatewayPods(of: view).filter { !$0.isTerminating && $0.told?.hash != hash }
        guard !pods.isEmpty else { return ([], nil) }
        let last = pods.compactMap(\.told?.time).max()
        // The clock of the operator that wrote the last one may be ahead.
        if let since = last.map({ snapshot.now.since($0) }), since >= .zero, since < gatewayPause {
            return ([], gatewayPause - since)
        }
        let value = GatewayPod.Told(hash: hash, time: snapshot.now).value
        return (
            pods.sorted { $0.key < $1.key }.map {
                PodAnnotation(pod: $0.key, uid: $0.uid, name: GatewayPod.annotation, value: value)
            }, nil
        )
    }
}
