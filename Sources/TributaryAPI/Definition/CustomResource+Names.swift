public import Kube

/// What unknown fields of an object may have been meant to be.
extension CustomResource {
    /// The most unknown fields of an object that are named.
    static var mostUnknownFields: Int { 10 }

    /// What Prometheus, Thanos and others call a field that our kinds have by another name.
    static var renamedFields: [String: String] {
        [
            "evaluationInterval": "scrapeInterval", "remote_write": "remoteWrite", "containerPort": "targetPort",
            "relabel_configs": "writeRelabelConfigs", "write_relabel_configs": "writeRelabelConfigs",
            "replicaCount": "replicas",
        ]
    }

    /// No kind elsewhere has its fields.
    public static func isForeign(_ field: FieldPath) -> Bool { false }
}
