import Kube

/// The rules of CustomResourceDefinitions: apiextensions' `ValidateCustomResourceDefinition`.
enum DefinitionRules {
    private static let spec = FieldPath("spec")

    /// The errors in a definition.
    static func errors(_ definition: Object, old: Object?) -> [FieldError] {
        let errors =
            identityErrors(definition) + versionErrors(definition) + (old.map { immutableErrors(definition, $0) } ?? [])
        if !errors.isEmpty { return errors }
        do throws(FieldError) {
            for version in definition.json["spec", "versions"]?.array ?? [] {
                _ = try ResourceType(crd: definition, version: version["name"]?.string ?? "")
            }
            return []
        } catch {
            return [error]
        }
    }

    private static func identityErrors(_ definition: Object) -> [FieldError] {
        let names = definition.json["spec", "names"]
        let plural = names?["plural"]?.string ?? ""
        let group = definition.json["spec", "group"]?.string ?? ""
        var errors: [FieldError] = []
        if definition.name != "\(plural).\(group)" {
            errors.append(
                FieldError(
                    FieldPath("metadata.name"),
                    "Invalid value: \(JSON(definition.name).text()): must be spec.names.plural+\".\"+spec.group"))
        }
        for member in ["plural", "singular", "kind", "listKind"] {
            let isKind = member == "kind" || member == "listKind"
            guard let text = names?[member]?.string, !text.isEmpty,
                let problem = NameRules.dns1035LabelProblem(isKind ? text.lowercased() : text)
            else { continue }
            errors.append(
                FieldError(
                    spec.appending("names").appending(member),
                    "Invalid value: \(JSON(text).text()): "
                        + (isKind ? "may have mixed case, but should otherwise match: " : "") + problem))
        }
        if definition.json["spec", "preserveUnknownFields"]?.bool == true {
            errors.append(
                FieldError(
                    spec.appending("preserveUnknownFields"),
                    "Invalid value: true: cannot set to true, set x-kubernetes-preserve-unknown-fields to true in "
                        + "spec.versions[*].schema instead"))
        }
        return errors
    }

    private static func versionErrors(_ definition: Object) -> [FieldError] {
        let path = spec.appending("versions")
        let versions = definition.json["spec", "versions"]?.array ?? []
        let shown = definition.json["spec", "versions"]?.text() ?? "null"
        var errors: [FieldError] = []
        for (index, version) in versions.enumerated() {
            let name = version["name"]?.string ?? ""
            if let problem = NameRules.dns1035LabelProblem(name) {
                errors.append(
                    FieldError(
                        path.appending(index).appending("name"), "Invalid value: \(JSON(name).text()): \(problem)"))
            }
            if version["schema", "openAPIV3Schema"] == nil {
                errors.append(
                    FieldError(
                        path.appending(index).appending("schema").appending("openAPIV3Schema"),
                        "Required value: schemas are required"))
            }
        }
        if Set(versions.compactMap { $0["name"]?.string }).count < versions.count {
            errors.append(FieldError(path, "Invalid value: \(shown): must contain unique version names"))
        }
        if versions.filter({ $0["storage"]?.bool == true }).count != 1 {
            errors.append(
                FieldError(path, "Invalid value: \(shown): must have exactly one version marked as storage version"))
        }
        return errors
    }

    /// The errors in names that objects and URLs depend on. This server establishes every definition when it is created.
    private static func immutableErrors(_ definition: Object, _ old: Object) -> [FieldError] {
        [["scope"], ["names", "kind"], ["group"], ["names", "plural"]].compactMap { steps in
            let value = definition.json[path: ["spec"] + steps]
            if value == old.json[path: ["spec"] + steps] { return nil }
            return FieldError(
                steps.reduce(spec) { $0.appending($1) },
                "Invalid value: \(value?.text() ?? "null"): field is immutable")
        }
    }
}
