import Kube
import PlanningInput
import TributaryAPI

extension AlertmanagerSpec {
    /// The entry of `alerting.alertmanagers`.
    func configuration(in namespace: String, _ files: inout FileMounts) -> JSON {
        var entry: JSON = [:]
        entry["scheme"] = scheme.map { JSON($0) }
        entry["path_prefix"] = pathPrefix.map { JSON($0) }
        entry["timeout"] = timeout.map { JSON($0) }
        if let service {
            entry["kubernetes_sd_configs"] = [
                ["role": "endpoints", "namespaces": ["names": [JSON(service.namespace ?? namespace)]]]
            ]
            entry["relabel_configs"] = [
                Self.keep("__meta_kubernetes_service_name", service.name),
                Self.keep("__meta_kubernetes_endpoint_port_name", service.port ?? "web"),
            ]
        } else {
            entry["static_configs"] = [["targets": JSON(targets ?? [])]]
        }
        for (key, value) in SpokeHTTPClient.members(basicAuth, authorization, tlsConfig, &files) { entry[key] = value }
        return entry
    }

    private static func keep(_ label: String, _ value: String) -> JSON {
        // Names of Services and ports have no characters with a meaning in expressions but the dot.
        ["source_labels": [JSON(label)], "regex": JSON(value.replacing(".", with: "\\.")), "action": "keep"]
    }
}
