import Kube

/// The rules of Deployments, StatefulSets, DaemonSets and ReplicaSets.
enum WorkloadRules {
    private static let mutableInStatefulSets: Set<String> = [
        "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
    ]
    private static let spec = FieldPath("spec")

    /// The errors in a workload.
    static func errors(_ workload: Object, old: Object?) -> [FieldError] {
        selectorErrors(workload) + numberErrors(workload) + strategyErrors(workload) + templateErrors(workload)
            + (old.map { immutableErrors(workload, $0) } ?? [])
    }

    private static func selectorErrors(_ workload: Object) -> [FieldError] {
        let path = spec.appending("selector")
        guard let json = workload.json["spec", "selector"], !json.isNull else {
            return [FieldError(path, "Required value")]
        }
        let errors = LabelSelectorRules.errors(json, at: path)
        if !errors.isEmpty { return errors }
        let selector: LabelSelector
        do throws(FieldError) {
            selector = try json.decode(LabelSelector.self, at: path)
        } catch {
            return [FieldError(path, "Invalid value: \(json.text())")]
        }
        if selector.queryValue.isEmpty {
            let kind = workload.kind == "ReplicaSet" ? "deployment" : workload.kind.lowercased()
            return [FieldError(path, "Invalid value: \(json.text()): empty selector is invalid for \(kind)")]
        }
        let labels = workload.json["spec", "template", "metadata", "labels"]?.strings ?? [:]
        if selector.matches(labels) { return [] }
        return [
            FieldError(
                FieldPath("spec.template.metadata.labels"),
                "Invalid value: \(JSON(labels).text()): `selector` does not match template `labels`")
        ]
    }

    private static func numberErrors(_ workload: Object) -> [FieldError] {
        [
            ["replicas"], ["minReadySeconds"], ["revisionHistoryLimit"], ["progressDeadlineSeconds"],
            ["ordinals", "start"], ["updateStrategy", "rollingUpdate", "partition"],
        ].compactMap { steps in
            BuiltInRules.negative(
                workload.json[path: ["spec"] + steps], at: steps.reduce(spec) { $0.appending($1) })
        }
    }

    private static func strategyErrors(_ workload: Object) -> [FieldError] {
        switch workload.kind {
        case "Deployment":
            let type = workload.json["spec", "strategy", "type"]?.string
            return [
                BuiltInRules.unsupported(
                    type, at: spec.appending("strategy").appending("type"), ["Recreate", "RollingUpdate"])
            ].compactMap { $0 }
        case "StatefulSet":
            var errors: [FieldError] = []
            let policy = workload.json["spec", "podManagementPolicy"]?.string ?? ""
            if policy != "OrderedReady", policy != "Parallel" {
                errors.append(
                    FieldError(
                        spec.appending("podManagementPolicy"),
                        "Invalid value: \(JSON(policy).text()): must be 'OrderedReady' or 'Parallel'"))
            }
            let strategy = workload.json["spec", "updateStrategy"]
            let type = strategy?["type"]?.string ?? ""
            if type != "RollingUpdate", type != "OnDelete" {
                errors.append(
                    FieldError(
                        spec.appending("updateStrategy"),
                        "Invalid value: \(strategy?.text() ?? "null"): must be 'RollingUpdate' or 'OnDelete'"))
            }
            let retention = spec.appending("persistentVolumeClaimRetentionPolicy")
            for member in ["whenDeleted", "whenScaled"] {
                let value = workload.json["spec", "persistentVolumeClaimRetentionPolicy", member]?.string
                if let error = BuiltInRules.unsupported(value, at: retention.appending(member), ["Retain", "Delete"]) {
                    errors.append(error)
                }
            }
            return errors
        default: return []
        }
    }

    private static func templateErrors(_ workload: Object) -> [FieldError] {
        let path = FieldPath("spec.template")
        let template = workload.json["spec", "template"]
        var errors = LabelSelectorRules.labelErrors(template?["metadata", "labels"], at: path.appending("labels"))
        let podSpec = path.appending("spec")
        if (template?["spec", "containers"]?.array ?? []).isEmpty {
            errors.append(FieldError(podSpec.appending("containers"), "Required value"))
        }
        let policy = template?["spec", "restartPolicy"]?.string
        if policy != nil,
            let error = BuiltInRules.unsupported(policy, at: podSpec.appending("restartPolicy"), ["Always"])
        {
            errors.append(error)
        }
        return errors
    }

    private static func immutableErrors(_ workload: Object, _ old: Object) -> [FieldError] {
        let (after, before) = (workload.json["spec"]?.object ?? [:], old.json["spec"]?.object ?? [:])
        if workload.kind == "StatefulSet" {
            let names = Set(after.keys).union(before.keys).subtracting(mutableInStatefulSets)
            guard names.contains(where: { after[$0] != before[$0] }) else { return [] }
            return [
                FieldError(
                    spec,
                    "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
                        + "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and "
                        + "'minReadySeconds' are forbidden")
            ]
        }
        guard after["selector"] != before["selector"] else { return [] }
        return [
            FieldError(
                spec.appending("selector"),
                "Invalid value: \(after["selector"]?.text() ?? "null"): field is immutable")
        ]
    }
}
