import Kube

/// The validation of built-in kinds: the part of kube-apiserver's rules that clients of this server run into.
enum BuiltInRules {
    /// The errors in an object of a built-in kind; none for custom resources.
    static func errors(_ object: Object, old: Object?, _ type: ResourceType) -> [FieldError] {
        guard type.isBuiltIn else { return [] }
        switch type.resource.kind {
        case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet": return WorkloadRules.errors(object, old: old)
        case "ConfigMap", "Secret": return DataRules.errors(object, old: old)
        case "Service": return NetworkRules.serviceErrors(object)
        case "NetworkPolicy": return NetworkRules.policyErrors(object)
        case "PodDisruptionBudget":
            return LabelSelectorRules.errors(object.json["spec", "selector"], at: FieldPath("spec.selector"))
        case "RoleBinding", "ClusterRoleBinding": return BindingRules.errors(object, old: old)
        case "CustomResourceDefinition": return DefinitionRules.errors(object, old: old)
        default: return []
        }
    }

    /// An error for a text that is not among those supported; nil if it is.
    static func unsupported(_ value: String?, at path: FieldPath, _ supported: [String]) -> FieldError? {
        let value = value ?? ""
        if supported.contains(value) { return nil }
        let list = supported.map { "\"\($0)\"" }.joined(separator: ", ")
        return FieldError(path, "Unsupported value: \(JSON(value).text()): supported values: \(list)")
    }

    /// An error for a negative number; nil for others and if the number is absent.
    static func negative(_ value: JSON?, at path: FieldPath) -> FieldError? {
        guard let number = value?.int, number < 0 else { return nil }
        return FieldError(path, "Invalid value: \(number): must be greater than or equal to 0")
    }
}

/// The rules of RoleBindings and ClusterRoleBindings.
enum BindingRules {
    /// The errors in a binding.
    static func errors(_ binding: Object, old: Object?) -> [FieldError] {
        let role = binding.json["roleRef"]
        let kinds = binding.kind == "RoleBinding" ? ["Role", "ClusterRole"] : ["ClusterRole"]
        var errors = [
            BuiltInRules.unsupported(role?["kind"]?.string, at: FieldPath("roleRef.kind"), kinds)
        ].compactMap { $0 }
        for (index, subject) in (binding.json["subjects"]?.array ?? []).enumerated() {
            let path = FieldPath("subjects").appending(index)
            let kinds = ["ServiceAccount", "User", "Group"]
            if let error = BuiltInRules.unsupported(subject["kind"]?.string, at: path.appending("kind"), kinds) {
                errors.append(error)
            }
        }
        if let old, old.json["roleRef"] != role {
            errors.append(
                FieldError(FieldPath("roleRef"), "Invalid value: \(role?.text() ?? "null"): cannot change roleRef"))
        }
        return errors
    }
}
