import Kube
import PlanningInput
import YAML

/// The configuration of a central Prometheus: a ConfigMap, or Secrets if it has monitors or may have credentials.
struct CentralConfiguration {
    /// The file without jobs of monitors.
    var text: String
    /// The Secrets; nil for a ConfigMap.
    var secrets: ConfigSecrets?
    /// The Secrets with the credentials that the jobs of monitors read; nil without monitors.
    var assets: AssetSecrets?

    /// Whether it changes with monitors.
    var changesOften: Bool { secrets != nil }

    /// The annotations of the StatefulSet.
    var annotations: [String: String] {
        guard let secrets, secrets.parts > 1 else { return [:] }
        return [Names.configPartsAnnotation: "\(secrets.parts)"]
    }

    func volume(_ name: String) -> JSON { secrets?.shards.first?.volume ?? ["configMap": ["name": JSON(name)]] }

    /// The objects. What a configuration names is created before it.
    func objects(_ owner: Owner, _ name: String, labels: [String: String]) -> [Object] {
        guard let secrets else {
            return [
                owner.object(.configMaps, name, labels: labels, ["data": [PrometheusPod.configFile: JSON(text)]])
            ]
        }
        return ((assets?.secrets ?? []) + secrets.shards.flatMap(\.secrets)).map { secret in
            owner.object(
                .secrets, secret.name, labels: labels, annotations: secret.annotations,
                ["type": "Opaque", "data": secret.data])
        }
    }
}
