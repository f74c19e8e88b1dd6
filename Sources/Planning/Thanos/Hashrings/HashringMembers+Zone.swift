import Kube
import PlanningInput
import Receivers
import TributaryAPI

extension HashringMembers {
    /// The availability zone of a receiver, from the hashring's source of zones; nil if it is not known yet.
    static func zone(
        of pod: ReceiverPod?, named name: String, of set: ReceiverSet, by spec: ZoneSpec, in zones: ObservedZones
    ) -> String? {
        let found: String? =
            switch spec.source {
            case .statefulSet: set.key.name
            case .annotation: spec.key.flatMap { pod?.annotations[$0] }
            case .endpointSlice:
                zones.zone(
                    ofPod: name, behind: ObjectKey(namespace: set.key.namespace, name: set.serviceName))
            case .node, nil: pod?.node.flatMap { zones.zone(ofNode: $0, label: spec.nodeLabel) }
            }
        return found.flatMap { isZone($0) ? $0 : nil }
    }

    /// Whether a text is usable as a zone: an annotation may contain anything, and the file has a limited size.
    private static func isZone(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 253 && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }
}
