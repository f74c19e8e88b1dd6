import Kube
import PlanningInput

/// A row of the table of who may reach whom: the pods that may connect to a port of other pods.
struct AccessRule {
    /// Who may connect.
    enum Peer: Hashable {
        /// Everybody, also outside of the cluster.
        case everybody
        /// Pods of the view.
        case role(PodRole)
        /// The receivers that others run for a hashring of the view.
        case adoptedReceivers
        /// Those who may read the series of all tenants: people who operate the view, and what they run.
        case operators
    }

    var to: PodRole
    /// The name or the number of the port.
    var port: JSON
    var from: [Peer]

    init(_ to: PodRole, _ port: JSON, _ from: [Peer]) {
        self.to = to
        self.port = port
        self.from = from
    }
}

extension AccessRule.Peer {
    /// The pods of a view's operators: those with a label in the namespace of the view, those of namespaces with that
    /// label, and agents in the namespace of the view, which scrape it. Who can label a namespace or create pods in that of
    /// the view is trusted; a label of a pod elsewhere would be a mere claim.
    static var operatorPods: [PodPeer] {
        let access = [AccessNames.label: AccessNames.query]
        let agents = [
            "app.kubernetes.io/name": AgentNames.program, "app.kubernetes.io/component": AgentNames.component,
            Names.managedByLabel: Names.manager,
        ]
        return [.pods(access), PodPeer(namespaces: access), .pods(agents)]
    }
}
