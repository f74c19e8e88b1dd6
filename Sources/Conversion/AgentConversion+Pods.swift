import Kube
import PlanningInput
import TributaryAPI

/// What shapes the pods.
extension AgentConversion {
    /// The containers that prometheus-operator runs beside Prometheus, and ours does not.
    private static let sidecars = [
        "config-reloader", "init-config-reloader", "prometheus-config-reloader", "rules-configmap-reloader",
        "thanos-sidecar",
    ]

    /// Containers that are added, and changes to those that are there.
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
                        .leftOut, path, "changes the container \(name), which ours does not have",
                        "what beside Prometheus reloads its configuration is named reload, before version 3")
                    continue
                }
                var container = container
                if name == "prometheus" { takeArguments(of: &container, path) }
                takeMounts(of: &container, path, known)
                // What has nothing but its name left changes nothing.
                if container == all[index] || container != ["name": JSON(name)] { kept.append(container) }
            }
            spec[member] = .listed(kept)
        }
        var holder = spec
        takeMounts(of: &holder, FieldPath("spec"), known)
        spec = holder
    }

    /// Arguments of Prometheus stand in the place of all others when they are merged, paths of files included.
    private mutating func takeArguments(of container: inout JSON, _ path: FieldPath) {
        if container["args"] != nil {
            take(Argument.list(container["args"]))
            container["args"] = nil
            note(
                .changed, path.appending("args"),
                "stand in the place of all arguments, with prometheus-operator's paths",
                "Tributary sets its own, and has the others in spec.additionalArgs")
        }
        if container["command"] != nil {
            container["command"] = nil
            note(
                .leftOut, path.appending("command"), "starts Prometheus in a way of its own",
                "name an image in spec.image that starts Prometheus with the arguments it is given")
        }
    }

    /// Mounts of volumes that only prometheus-operator makes.
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
                    "\"\(name)\" is none of spec.volumes", "add the volume, or remove the mount")
            }
        }
        holder["volumeMounts"] = .array(mounts)
    }

    /// Where the write-ahead log lies: of several places prometheus-operator takes the first, ours wants one.
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
                "has no counterpart", "label and annotate the claims once they are there")
        }
        guard var claim = template["spec"], claim["resources"]?["requests"]?.object?.isEmpty == false else {
            return nil
        }
        if claim["accessModes"]?.array?.isEmpty ?? true { claim["accessModes"] = ["ReadWriteOnce"] }
        return ["spec": claim]
    }

    /// Which pods belong together when they are spread: ours have other labels.
    mutating func takePlacement() {
        if let constraints = spec["topologySpreadConstraints"]?.array {
            spec["topologySpreadConstraints"] = .array(constraints.map(constraint))
        }
        for name in ["affinity", "topologySpreadConstraints"] where spec[name]?.namesOperatorLabels == true {
            note(
                .changed, Self.field(name), "selects pods by labels that prometheus-operator gives them",
                "ours have app.kubernetes.io/name: prometheus-agent, app.kubernetes.io/instance: \(source.name) and "
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

    /// Rules have no part in an agent, so that nothing needs to be excluded of them.
    mutating func takeEnforcement() {
        guard let all = spec["excludedFromEnforcement"]?.array else { return }
        let kept = all.filter { $0["resource"] != "prometheusrules" }
        spec["excludedFromEnforcement"] = .listed(kept)
        for (index, exclusion) in all.enumerated() where exclusion["resource"] == "prometheusrules" {
            note(
                .leftOut, Self.field("excludedFromEnforcement").appending(index),
                "is about rules, which agents have none of",
                "exclude them where rules are evaluated")
        }
    }
}

extension JSON {
    /// Whether labels that prometheus-operator gives to pods are named anywhere in it.
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
