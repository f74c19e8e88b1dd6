import Kube

/// A pod, as NetworkPolicies see it.
struct PolicyPod: CustomStringConvertible {
    var description: String
    var namespace: String
    var labels: [String: String]
    /// The container ports, by name.
    var ports: [String: Int] = [:]

    init(
        _ description: String, namespace: String = Scene.namespace, labels: [String: String], ports: [String: Int] = [:]
    ) {
        self.description = description
        self.namespace = namespace
        self.labels = labels
        self.ports = ports
    }

    /// The pods of a rendered workload; nil for other objects.
    init?(_ workload: Object) {
        guard let template = workload.json["spec", "template"] else { return nil }
        self.init(
            "\(workload)", namespace: workload.namespace ?? "", labels: template["metadata", "labels"]?.strings ?? [:])
        for container in template["spec", "containers"]?.array ?? [] {
            for port in container["ports"]?.array ?? [] {
                ports[port["name"]?.string ?? ""] = port["containerPort"]?.int
            }
        }
    }
}

/// Evaluates NetworkPolicies for incoming connections over TCP, by the rules of `networking.k8s.io/v1`: a pod that no policy
/// selects accepts everything; one that some policies select accepts what any rule of any of them allows.
struct PolicyEvaluator {
    var policies: [Object]
    /// The labels of namespaces, besides the one with the name.
    var namespaces: [String: [String: String]] = [:]

    func allows(_ source: PolicyPod, to target: PolicyPod, port: Int) throws -> Bool {
        let selecting = try policies.filter { policy in
            let types = policy.json["spec", "policyTypes"]?.array?.compactMap(\.string) ?? ["Ingress"]
            return try policy.namespace == target.namespace && types.contains("Ingress")
                && matches(policy.json["spec", "podSelector"], target.labels)
        }
        guard !selecting.isEmpty else { return true }
        return try selecting.contains { policy in
            try (policy.json["spec", "ingress"]?.array ?? []).contains { rule in
                try opens(rule, port, of: target) && admits(rule, source, policy.namespace ?? "")
            }
        }
    }

    /// A rule without ports opens all of them.
    private func opens(_ rule: JSON, _ number: Int, of target: PolicyPod) throws -> Bool {
        guard let ports = rule["ports"]?.array, !ports.isEmpty else { return true }
        return ports.contains { port in
            guard port["protocol"]?.string ?? "TCP" == "TCP" else { return false }
            guard let wanted = port["port"] else { return true }
            return wanted.int == number || wanted.string.map { target.ports[$0] == number } == true
        }
    }

    /// A rule without peers admits everybody. Both selectors of one peer have to match.
    private func admits(_ rule: JSON, _ source: PolicyPod, _ namespace: String) throws -> Bool {
        guard let peers = rule["from"]?.array, !peers.isEmpty else { return true }
        return try peers.contains { peer in
            guard let members = peer.object, !members.isEmpty,
                Set(members.keys).isSubset(of: ["podSelector", "namespaceSelector"])
            else { throw FieldError(FieldPath("from"), "a peer that the evaluator does not know: \(peer)") }
            let isInNamespace =
                try peer["namespaceSelector"].map { try matches($0, labels(of: source.namespace)) }
                ?? (source.namespace == namespace)
            return try isInNamespace && peer["podSelector"].map { try matches($0, source.labels) } ?? true
        }
    }

    private func labels(of namespace: String) -> [String: String] {
        (namespaces[namespace] ?? [:]).merging(["kubernetes.io/metadata.name": namespace]) { _, own in own }
    }

    private func matches(_ selector: JSON?, _ labels: [String: String]) throws -> Bool {
        guard let selector else { return true }
        return try selector.decode(LabelSelector.self).matches(labels)
    }
}
