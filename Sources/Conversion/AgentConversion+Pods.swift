import Kube
import PlanningInput
import TributaryAPI

/// The fields that shape the pods.
extension AgentConversion {
    /// Containers of prometheus-operator's pods that Tributary's pods do not have.
    private static let sidecars = [
        "config-reloader", "init-config-reloader", "prometheus-config-reloader", "rules-configmap-reloader",
        "thanos-sidecar",
    ]

    /// Takes over additional containers, and changes to existing ones.
    mutating func takeContainers() {
        let known = Set((spec["volumes"]?.array ?? []).compactMap { $0["name"]?.string })
        for member in ["initContainers", "containers"] {
            guard let all = spec[member]?.array else { continue }
            var kept: [JSON] = []
            for (index, container) in all.enumerated() {
                let path = Self.field(member).appending(index)
                let name = container["name"]?.string ?? ""
                guard !Self.sidecars.contains(name) else {
                    note(
                        .leftOut, path, "changes the container \(name), which Tributary's pods do not have",
                        "before Prometheus 3, the container that reloads its configuration is called reload")
                    continue
                }
                var container = container
                if name == "prometheus" { takeArguments(of: &container, path) }
                takeMounts(of: &container, path, known)
                // A container with nothing but a name changes nothing.
                if container == all[index] || container != ["name": JSON(name)] { kept.append(container) }
            }
            spec[member] = .listed(kept)
        }
        var holder = spec
        takeMounts(of: &holder, FieldPath("spec"), known)
        spec = holder
    }

    /// When containers are merged, the arguments of Prometheus replace all others, including the paths of files.
    private mutating func takeArguments(of container: inout JSON, _ path: FieldPath) {
        if container["args"] != nil {
            take(Argument.list(container["args"]))
            container["args"] = nil
            note(
                .changed, path.appending("args"),
                "replace all arguments, with prometheus-operator's paths",
                "Tributary sets its own arguments and keeps the others in spec.additionalArgs")
        }
        if container["command"] != nil {
            container["command"] = nil
            note(
                .leftOut, path.appending("command"), "replaces the command that starts Prometheus",
                "set spec.image to an image that starts Prometheus with its arguments")
        }
    }

    /// Removes mounts of volumes that only prometheus-operator creates.
    private mutating func takeMounts(of holder: inout JSON, _ path: FieldPath, _ known: Set<String>) {
        guard var mounts = holder["volumeMounts"]?.array else { return }
        let claim = spec["storage", "volumeClaimTemplate"]?["metadata"]?["name"]?.string
        let data = [claim, "prometheus-\(source.name)-db", "prom-agent-\(source.name)-db"]
        for (index, mount) in mounts.enumerated() {
            guard let name = mount["name"]?.string, !known.contains(name) else { continue }
            if data.contains(name) {
                mounts[index]["name"] = "data"
                mounts[index]["subPath"] = nil
            } else {
                note(
                    .changed, path.appending("volumeMounts").appending(index).appending("name"),
                    "\"\(name)\" is not one of spec.volumes", "add the volume, or remove the mount")
            }
        }
        holder["volumeMounts"] = .array(mounts)
    }

    /// Takes over the place of the write-ahead log. Of several places prometheus-operator uses the first; Tributary
    /// allows one.
    mutating func takeStorage() {
        guard var storage = spec["storage"], storage.object != nil else { return }
        storage["disableMountSubPath"] = nil
        if storage["emptyDir"] != nil {
            storage["ephemeral"] = nil
            storage["volumeClaimTemplate"] = nil
        } else if storage["ephemeral"] != nil {
            storage["volumeClaimTemplate"] = nil
        } else if let template = storage["volumeClaimTemplate"] {
            storage["volumeClaimTemplate"] = claim(template)
        }
        spec["storage"] = storage
    }

    private mutating func claim(_ template: JSON) -> JSON? {
        for member in ["labels", "annotations"] where template["metadata"]?[member]?.object?.isEmpty == false {
            note(
                .leftOut, FieldPath("spec.storage.volumeClaimTemplate.metadata").appending(member),
                "has no counterpart", "label and annotate the claims once they exist")
        }
        guard var claim = template["spec"], claim["resources"]?["requests"]?.object?.isEmpty == false else {
            return nil
        }
        if claim["accessModes"]?.array?.isEmpty ?? true { claim["accessModes"] = ["ReadWriteOnce"] }
        return ["spec": claim]
    }

    /// Reports selectors of pods by prometheus-operator's labels: Tributary's pods have other labels.
    mutating func takePlacement() {
        if let constraints = spec["topologySpreadConstraints"]?.array {
            spec["topologySpreadConstraints"] = .array(constraints.map(constraint))
        }
        for name in ["affinity", "topologySpreadConstraints"] where spec[name]?.namesOperatorLabels == true {
            note(
                .changed, Self.field(name), "selects pods by labels that prometheus-operator gives them",
                "Tributary's pods have app.kubernetes.io/name: prometheus-agent, app.kubernetes.io/instance: "
                    + "\(source.name) and "
                    + "tributary.dev/shard")
        }
    }

    private func constraint(_ constraint: JSON) -> JSON {
        guard let which = constraint["additionalLabelSelectors"]?.string else { return constraint }
        var result = constraint
        result["additionalLabelSelectors"] = nil
        let selector = RecommendedLabels.selector(
            AgentNames.component, program: AgentNames.program, of: source.name)
        for (key, value) in selector.sorted(by: { $0.key < $1.key }) {
            result[path: ["labelSelector", "matchLabels", key]] = JSON(value)
        }
        if which == "OnShard" {
            let keys = (result["matchLabelKeys"]?.array ?? []) + [JSON(AgentNames.shardLabel)]
            result["matchLabelKeys"] = .array(keys)
        }
        return result
    }

    /// Drops exclusions for rules, which agents do not evaluate.
    mutating func takeEnforcement() {
        guard let all = spec["excludedFromEnforcement"]?.array else { return }
        let kept = all.filter { $0["resource"] != "prometheusrules" }
        spec["excludedFromEnforcement"] = .listed(kept)
        for (index, exclusion) in all.enumerated() where exclusion["resource"] == "prometheusrules" {
            note(
                .leftOut, Self.field("excludedFromEnforcement").appending(index),
                "applies to rules, which agents do not evaluate",
                "exclude them where rules are evaluated")
        }
    }
}

extension JSON {
    /// Whether prometheus-operator's pod labels occur anywhere in it.
    fileprivate var namesOperatorLabels: Bool {
        func isOperators(_ text: String) -> Bool {
            text.hasPrefix("operator.prometheus.io/") || text == "prometheus-operator"
        }
        return switch self {
        case .string(let text): isOperators(text)
        case .array(let elements): elements.contains(where: \.namesOperatorLabels)
        case .object(let members): members.contains { isOperators($0.key) || $0.value.namesOperatorLabels }
        default: false
        }
    }
}
