public import Kube

extension PrometheusAgent {
    /// Whether prometheus-operator's PrometheusAgent (v0.93) has a field that ours does not have: somebody who moves over
    /// has not written it wrong.
    public static func isForeign(_ field: FieldPath) -> Bool {
        let names = field.steps.compactMap { step in if case .key(let name) = step { name } else { nil } }
        return foreignFields.contains(names.joined(separator: "."))
            || names.count > 2 && ["containers", "initContainers", "volumes", "volumeMounts"].contains(names[1])
    }
}

private let foreignFields: Set<String> = [
    "spec.enableRemoteWriteReceiver", "spec.hostUsers", "spec.reloadStrategy",
    "spec.remoteWriteReceiverMessageVersions", "spec.schedulerName", "spec.serviceName", "spec.shardingStrategy",
    "spec.apiserverConfig.bearerToken", "spec.podMetadata.name", "spec.resources.claims",
    "spec.storage.disableMountSubPath", "spec.web.tlsConfig.certFile", "spec.web.tlsConfig.clientCAFile",
    "spec.web.tlsConfig.keyFile",
]
