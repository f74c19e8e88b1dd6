import Hashring
import Kube
import PlanningInput
import Receivers

/// The objects that say whether a receiver is in a hashring: StatefulSets, pods, and the ConfigMaps with hashring files.
package struct ReceiverObjects: Sendable {
    /// The StatefulSets that may run receivers.
    let sets: [ObjectKey: ReceiverSet]
    /// The labels of those StatefulSets' pods.
    let podLabels: [ObjectKey: [String: String]]
    /// All pods.
    let pods: [ObjectKey: Object]
    /// The ConfigMaps.
    let configMaps: [ObjectKey: Object]
    /// Whether these are all objects, as in a cluster; files may lack some.
    let isComplete: Bool

    /// Takes the objects that matter and ignores the others.
    package init(_ objects: [Object], isComplete: Bool) {
        var sets: [ObjectKey: ReceiverSet] = [:]
        var podLabels: [ObjectKey: [String: String]] = [:]
        var pods: [ObjectKey: Object] = [:]
        var configMaps: [ObjectKey: Object] = [:]
        for var object in objects {
            if object.namespace == nil { object.json["metadata", "namespace"] = "default" }
            if let set = ReceiverSet(object) {
                sets[object.key] = set
                podLabels[object.key] = object.json["spec", "template", "metadata", "labels"]?.strings ?? [:]
            } else if object.group.isEmpty, object.kind == Resource.pods.kind {
                pods[object.key] = object
            } else if object.group.isEmpty, object.kind == Resource.configMaps.kind {
                configMaps[object.key] = object
            }
        }
        (self.sets, self.podLabels, self.pods, self.configMaps) = (sets, podLabels, pods, configMaps)
        self.isComplete = isComplete
    }

    /// Where the objects were looked for, in words.
    var place: String { isComplete ? "the cluster" : "the files" }

    /// The hashring file in a ConfigMap; nil if there is none, or none that can be read.
    func file(_ key: ObjectKey, at name: String) -> HashringFile? {
        configMaps[key]?.json["data", name]?.string.flatMap { try? HashringFile(parsing: $0) }
    }

    // MARK: - What to read of a cluster

    /// The ConfigMaps with the hashring files of all global views, and with those that the drop-in's receivers mount.
    package static func configMaps(in snapshot: Snapshot) -> Set<ObjectKey> {
        let views = snapshot.globalViews.values.filter { $0.spec.thanos != nil }.map(\.hashringsKey)
        let mounted = snapshot.receiverSets.values.filter(\.isOfDropIn).compactMap { $0.mountedFile?.key }
        return Set(views).union(mounted)
    }

    /// The ConfigMap that one was generated from; nil if it does not say so.
    package static func base(of generated: Object) -> ObjectKey? {
        generated.ownerReferences.first { $0.kind == Resource.configMaps.kind }
            .map { ObjectKey(namespace: generated.key.namespace, name: $0.name) }
    }
}

extension ReceiverSet {
    /// Whether it has a label of the drop-in.
    var isOfDropIn: Bool { labels[ReceiverLabels.ring] != nil || labels[ReceiverLabels.controller] != nil }

    /// The ConfigMap with the hashring file that its pods mount, and the key in it; nil if that cannot be told.
    var mountedFile: (key: ObjectKey, name: String)? {
        guard case .configMap(let name, let file, _)? = flags?.file else { return nil }
        return (ObjectKey(namespace: key.namespace, name: name), file)
    }

    /// The address of one of its pods in hashring files.
    func address(of pod: String, domain: String, port: Int) -> String {
        ReceiverAddress.of(
            pod, ReceiverAddress.serviceHost(serviceName, namespace: key.namespace, domain: domain), port)
    }
}
