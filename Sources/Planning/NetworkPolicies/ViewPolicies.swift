import Kube
import PlanningInput
import TributaryAPI

/// The NetworkPolicies of a global view: one for each kind of its pods, however many tenants there are.
struct ViewPolicies {
    private let view: GlobalView
    private let owner: Owner
    private let table: AccessTable
    private let adoptedReceivers: [PodPeer]

    init(_ view: GlobalView, _ endpoints: ViewEndpoints, _ backend: BackendPlan) {
        self.view = view
        owner = Owner(resource: GlobalView.resource, metadata: view.metadata)
        table = AccessTable(view: view, endpoints: endpoints, hasReceivers: backend.hasReceivers)
        adoptedReceivers = backend.adoptedReceivers
    }

    var objects: [Object] {
        guard view.managesNetworkPolicies else { return [] }
        let rules = Dictionary(grouping: table.rules, by: \.to)
        return PodRole.allCases.compactMap { role in
            rules[role].map { rules in
                owner.networkPolicy(
                    role.policyName(of: owner.metadata.name), labels: role.labels(of: owner),
                    selector: role.selector(of: owner),
                    rules: rules.map { PolicyRule(port: $0.port, from: peers($0.from)) })
            }
        }
    }

    /// The entries of `from`; nil for everybody.
    private func peers(_ peers: [AccessRule.Peer]) -> [PodPeer]? {
        var result: [PodPeer] = []
        for peer in peers {
            switch peer {
            case .everybody: return nil
            case .role(let role): result.append(.pods(role.selector(of: owner)))
            case .adoptedReceivers: result += adoptedReceivers
            case .operators: result += AccessRule.Peer.operatorPods
            }
        }
        return result
    }
}
