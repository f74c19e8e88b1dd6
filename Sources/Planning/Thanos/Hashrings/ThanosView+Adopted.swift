import PlanningInput
import Receivers
import TributaryAPI

extension ThanosView {
    /// The pods of receivers that others run for a hashring of the view, in the order of the hashrings. They forward what
    /// agents send them to the receivers that Tributary runs.
    var adoptedReceivers: [PodPeer] {
        var peers: [PodPeer] = []
        for hashring in spec.hashrings ?? [] where hashring.adopt != nil {
            for set in HashringMembers(hashring, of: self).sets {
                let peer = PodPeer.namespace(set.key.namespace, pods: set.podSelector)
                if !peers.contains(peer) { peers.append(peer) }
            }
        }
        return peers
    }
}
