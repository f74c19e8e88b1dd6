import Kube

/// Pods that may connect to others: an entry of `from` in a rule of a NetworkPolicy.
struct PodPeer: Hashable {
    /// The labels of the namespaces of the pods; nil for the namespace of the policy.
    var namespaces: [String: String]?
    /// The selector of the pods; nil for all pods of the namespaces.
    var pods: LabelSelector?

    /// The pods of one namespace, all or those with some labels.
    static func namespace(_ name: String, pods: LabelSelector? = nil) -> PodPeer {
        PodPeer(namespaces: ["kubernetes.io/metadata.name": name], pods: pods)
    }

    /// The pods with some labels in the namespace of the policy.
    static func pods(_ labels: [String: String]) -> PodPeer { PodPeer(pods: LabelSelector(matchLabels: labels)) }

    /// The entry. Both selectors are in one entry, which means both; two entries would mean either.
    var json: JSON {
        let json: JSON = [
            "namespaceSelector": namespaces.map { ["matchLabels": JSON($0)] } ?? .null,
            "podSelector": pods.flatMap { try? JSON(encoding: $0) } ?? .null,
        ]
        return json.droppingNulls
    }
}
