import Kube

/// The rules of built-in kinds that clients run into: of their validation the part that says what cannot be changed.
enum BuiltInRules {
    private static let statefulSetMutable: Set<String> = [
        "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
    ]

    /// What is wrong with an object of a built-in kind.
    static func errors(_ object: Object, old: Object?, _ type: ResourceType) -> [FieldError] {
        guard type.isBuiltIn else { return [] }
        switch (type.resource.kind, type.resource.group) {
        case ("Deployment", _), ("StatefulSet", _), ("DaemonSet", _), ("ReplicaSet", _):
            return workloadErrors(object) + (old.map { immutableErrors(object, $0) } ?? [])
        case ("ConfigMap", ""), ("Secret", ""): return dataErrors(object, old)
        case ("CustomResourceDefinition", _): return definitionErrors(object)
        case ("RoleBinding", _), ("ClusterRoleBinding", _):
            guard let old, old.json["roleRef"] != object.json["roleRef"] else { return [] }
            return [
                FieldError(
                    FieldPath("roleRef"),
                    "Invalid value: \(object.json["roleRef"]?.text() ?? "null"): cannot change roleRef")
            ]
        default: return []
        }
    }

    private static func workloadErrors(_ object: Object) -> [FieldError] {
        let spec = object.json["spec"] ?? [:]
        guard let selectorJSON = spec["selector"], !selectorJSON.isNull else {
            return [FieldError(FieldPath("spec.selector"), "Required value")]
        }
        let labels = spec["template", "metadata", "labels"]?.strings ?? [:]
        guard let selector = try? selectorJSON.decode(LabelSelector.self), selector.matches(labels) else {
            return [
                FieldError(
                    FieldPath("spec.template.metadata.labels"),
                    "Invalid value: \(JSON(labels).text()): `selector` does not match template `labels`")
            ]
        }
        var errors: [FieldError] = []
        if (spec["template", "spec", "containers"]?.array ?? []).isEmpty {
            errors.append(FieldError(FieldPath("spec.template.spec.containers"), "Required value"))
        }
        if let replicas = spec["replicas"]?.int, replicas < 0 {
            errors.append(
                FieldError(
                    FieldPath("spec.replicas"),
                    "Invalid value: \(replicas): must be greater than or equal to 0"))
        }
        return errors
    }

    private static func immutableErrors(_ object: Object, _ old: Object) -> [FieldError] {
        guard let spec = object.json["spec"]?.object, let before = old.json["spec"]?.object else { return [] }
        if object.kind == "StatefulSet" {
            let names = Set(spec.keys).union(before.keys).subtracting(statefulSetMutable)
            guard names.contains(where: { spec[$0] != before[$0] }) else { return [] }
            return [
                FieldError(
                    FieldPath("spec"),
                    "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
                        + "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and "
                        + "'minReadySeconds' are forbidden")
            ]
        }
        guard spec["selector"] != before["selector"] else { return [] }
        return [
            FieldError(
                FieldPath("spec.selector"),
                "Invalid value: \(spec["selector"]?.text() ?? "null"): field is immutable")
        ]
    }

    private static func dataErrors(_ object: Object, _ old: Object?) -> [FieldError] {
        var errors: [FieldError] = []
        for member in ["data", "binaryData"] {
            for (key, value) in object.json[member]?.object ?? [:] where value.string == nil {
                errors.append(
                    FieldError(
                        FieldPath(member).appending(key), "Invalid value: \(value.text()): must be of type string"))
            }
        }
        if let old, object.kind == "Secret", old.json["type"] != object.json["type"] {
            errors.append(
                FieldError(
                    FieldPath("type"), "Invalid value: \(object.json["type"]?.text() ?? "null"): field is immutable"))
        }
        if let old, old.json["immutable"]?.bool == true {
            for member in ["data", "binaryData"] where old.json[member] != object.json[member] {
                errors.append(
                    FieldError(FieldPath(member), "Forbidden: field is immutable when `immutable` is set"))
            }
        }
        return errors
    }

    private static func definitionErrors(_ object: Object) -> [FieldError] {
        let spec = object.json["spec"] ?? [:]
        let expected = "\(spec["names", "plural"]?.string ?? "").\(spec["group"]?.string ?? "")"
        if object.name != expected {
            return [
                FieldError(
                    FieldPath("metadata.name"),
                    "Invalid value: \"\(object.name)\": must be spec.names.plural+\".\"+spec.group")
            ]
        }
        let versions = spec["versions"]?.array ?? []
        if versions.filter({ $0["storage"]?.bool == true }).count != 1 {
            return [
                FieldError(
                    FieldPath("spec.versions"),
                    "Invalid value: \(spec["versions"]?.text() ?? "null"): must have exactly one version marked as "
                        + "storage version")
            ]
        }
        for (index, version) in versions.enumerated() where version["schema", "openAPIV3Schema"] == nil {
            let path = FieldPath("spec.versions").appending(index).appending("schema").appending("openAPIV3Schema")
            return [FieldError(path, "Required value: schemas are required")]
        }
        do throws(FieldError) {
            _ = try ResourceType.served(by: object)
            return []
        } catch {
            return [error]
        }
    }
}
