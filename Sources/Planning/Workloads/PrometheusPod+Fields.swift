import Kube
import TributaryAPI

/// What an agent's fields about pods become; a central Prometheus has the same fields.
extension PrometheusPod {
    /// The members of the pod's specification that replace Tributary's own.
    static func podSpec(of agent: PrometheusAgent) -> JSON {
        let spec = agent.spec
        var pod: JSON = [:]
        pod["nodeSelector"] = spec.nodeSelector.map { JSON($0) }
        pod["tolerations"] = spec.tolerations.flatMap { try? JSON(encoding: $0) }
        pod["affinity"] = spec.affinity
        pod["topologySpreadConstraints"] = spec.topologySpreadConstraints.map { .array($0) }
        pod["securityContext"] = spec.securityContext
        pod["priorityClassName"] = spec.priorityClassName.map { JSON($0) }
        pod["terminationGracePeriodSeconds"] = spec.terminationGracePeriodSeconds.map { .int($0) }
        pod["hostNetwork"] = spec.hostNetwork.map { .bool($0) }
        pod["hostAliases"] = spec.hostAliases.flatMap { try? JSON(encoding: $0) }
        // On the host network, cluster names resolve only with this policy.
        pod["dnsPolicy"] =
            spec.dnsPolicy.map { JSON($0) } ?? (spec.hostNetwork == true ? "ClusterFirstWithHostNet" : nil)
        pod["dnsConfig"] = spec.dnsConfig
        pod["enableServiceLinks"] = spec.enableServiceLinks.map { .bool($0) }
        pod["imagePullSecrets"] = spec.imagePullSecrets.map { .array($0.map { ["name": JSON($0.name)] }) }
        return pod
    }

    /// The further arguments that the user wants.
    static func arguments(of agent: PrometheusAgent) -> [String] {
        (agent.spec.additionalArgs ?? []).map { argument in
            argument.value.map { "--\(argument.name)=\($0)" } ?? "--\(argument.name)"
        }
    }

    /// The additions that are merged into the pod by name.
    static func additions(of agent: PrometheusAgent) -> JSON {
        let spec = agent.spec
        var containers: [JSON] = []
        var own: JSON = [:]
        if let mounts = spec.volumeMounts { own["volumeMounts"] = .array(mounts) }
        if let policy = spec.imagePullPolicy { own["imagePullPolicy"] = JSON(policy) }
        if own.object?.isEmpty == false {
            own["name"] = JSON(containerName)
            containers.append(own)
        }
        containers += spec.containers ?? []
        var additions: JSON = [:]
        if !containers.isEmpty { additions["containers"] = .array(containers) }
        if let initial = spec.initContainers { additions["initContainers"] = .array(initial) }
        if let volumes = spec.volumes { additions["volumes"] = .array(volumes) }
        return additions
    }
}
