import Kube
import PlanningInput

/// Who may connect to a port.
struct PolicyRule: Hashable {
    /// The name or the number of the port.
    var port: JSON
    /// The pods that may connect; nil for everybody, also outside of the cluster.
    var from: [PodPeer]?

    /// The rule; nil if nobody may connect. Kubernetes takes an empty list of peers as everybody.
    var json: JSON? {
        guard from?.isEmpty != true else { return nil }
        let rule: JSON = [
            "from": from.map { .array($0.map(\.json)) } ?? .null, "ports": [["port": port, "protocol": "TCP"]],
        ]
        return rule.droppingNulls
    }
}

extension Owner {
    /// A NetworkPolicy for pods that denies every connection to them but those that the rules allow.
    func networkPolicy(
        _ name: String, labels: [String: String], selector: [String: String], rules: [PolicyRule]
    ) -> Object {
        object(
            .networkPolicies, name, labels: labels,
            [
                "spec": [
                    "podSelector": ["matchLabels": JSON(selector)], "policyTypes": ["Ingress"],
                    "ingress": .array(rules.compactMap(\.json)),
                ]
            ])
    }
}
