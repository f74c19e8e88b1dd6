import PlanningInput
import Receivers
import TributaryAPI

extension ThanosView {
    /// The pods of receivers that others run for a hashring of the view, in the order of the hashrings. They forward what
    /// agents send them to the receivers that Tributary runs.
    var adoptedReceivers: [PodPeer] {
        let adopted = (spec.hashrings ?? []).filter { $0.adopt != nil }
        return adopted.flatMap { hashring in
            HashringMembers(hashring, of: self).sets.map {
                PodPeer.namespace($0.key.namespace, pods: $0.podSelector)
            }
        }
    }
}
