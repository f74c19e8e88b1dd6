import Kube

/// The rules of Services and NetworkPolicies.
enum NetworkRules {
    /// The errors in a Service.
    static func serviceErrors(_ service: Object) -> [FieldError] {
        let spec = FieldPath("spec")
        let types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]
        var errors = [
            BuiltInRules.unsupported(service.json["spec", "type"]?.string, at: spec.appending("type"), types)
        ].compactMap { $0 }
        errors += LabelSelectorRules.labelErrors(service.json["spec", "selector"], at: spec.appending("selector"))
        for (index, port) in (service.json["spec", "ports"]?.array ?? []).enumerated() {
            let path = spec.appending("ports").appending(index)
            errors += portErrors(port["port"] ?? 0, at: path.appending("port"))
            if let target = port["targetPort"], target.string == nil {
                errors += portErrors(target, at: path.appending("targetPort"))
            }
        }
        return errors
    }

    /// The errors in a NetworkPolicy.
    static func policyErrors(_ policy: Object) -> [FieldError] {
        let spec = FieldPath("spec")
        var errors = LabelSelectorRules.errors(policy.json["spec", "podSelector"], at: spec.appending("podSelector"))
        for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
            for (index, rule) in (policy.json["spec", direction]?.array ?? []).enumerated() {
                let path = spec.appending(direction).appending(index)
                for (index, peer) in (rule[peers]?.array ?? []).enumerated() {
                    errors += peerErrors(peer, at: path.appending(peers).appending(index))
                }
                for (index, port) in (rule["ports"]?.array ?? []).enumerated() {
                    guard let number = port["port"], number.string == nil, !number.isNull else { continue }
                    errors += portErrors(number, at: path.appending("ports").appending(index).appending("port"))
                }
            }
        }
        for (index, type) in (policy.json["spec", "policyTypes"]?.array ?? []).enumerated() {
            let path = spec.appending("policyTypes").appending(index)
            if let error = BuiltInRules.unsupported(type.string, at: path, ["Ingress", "Egress"]) {
                errors.append(error)
            }
        }
        return errors
    }

    private static func peerErrors(_ peer: JSON, at path: FieldPath) -> [FieldError] {
        let members = ["podSelector", "namespaceSelector", "ipBlock"].filter { peer[$0]?.isNull == false }
        if members.isEmpty { return [FieldError(path, "Required value: must specify a peer")] }
        if members.count > 1, members.contains("ipBlock") {
            return [FieldError(path, "Forbidden: may not specify both ipBlock and another peer")]
        }
        return ["podSelector", "namespaceSelector"].flatMap {
            LabelSelectorRules.errors(peer[$0], at: path.appending($0))
        }
    }

    private static func portErrors(_ port: JSON, at path: FieldPath) -> [FieldError] {
        if let number = port.int, (1...65535).contains(number) { return [] }
        return [FieldError(path, "Invalid value: \(port.text()): must be between 1 and 65535, inclusive")]
    }
}
