import Kube
import TributaryAPI

/// What the pods that read and write the object storage have in common: a folder of their own, and the Secret.
struct StoragePod {
    static let dataPath = "/var/thanos/data"

    /// The key of the Secret.
    var secret: KeySelector
    var storage: StorageSpec?

    /// The arguments about both.
    var arguments: [String] {
        ["--data-dir=\(Self.dataPath)", "--objstore.config-file=\(ReceiveArguments.objectStoragePath)/\(secret.key)"]
    }

    var files: [ThanosPod.Volume] {
        [
            ThanosPod.Volume(
                name: "data", path: Self.dataPath, source: storage == nil ? ["emptyDir": [:]] : nil, isReadOnly: false),
            ThanosPod.Volume(
                name: "objectstorage", path: ReceiveArguments.objectStoragePath,
                source: ["secret": ["secretName": JSON(secret.name)]]),
        ]
    }

    /// A StatefulSet of such pods. What is on their volumes can be made anew, so volumes go with their pods.
    func statefulSet(
        _ name: String, of owner: Owner, labels: [String: String], selector: [String: String], replicas: Int,
        policy: String, pod: ThanosPod
    ) -> Object {
        var spec: JSON = [
            "replicas": JSON(replicas), "serviceName": JSON(name), "podManagementPolicy": JSON(policy),
            "selector": ["matchLabels": JSON(selector)],
            "template": pod.template(labels: labels),
        ]
        if let storage {
            spec["persistentVolumeClaimRetentionPolicy"] = ["whenDeleted": "Delete", "whenScaled": "Delete"]
            spec["volumeClaimTemplates"] = [
                [
                    "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": ["name": "data"],
                    "spec": storage.claim,
                ]
            ]
        }
        return owner.object(.statefulSets, name, labels: labels, ["spec": spec])
    }
}
