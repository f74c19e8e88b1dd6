import Hashring
public import Kube
import Receivers
import TributaryAPI

/// An annotation to write onto a pod that is somebody else's: the kubelet then looks at the pod's volumes at once, in the
/// place of within a minute or two.
///
/// It is something to do, and no object that should exist: `render` does not print it.
public struct PodAnnotation: Sendable, Hashable {
    /// The pod.
    public var pod: ObjectKey
    /// The pod's UID, so that none that came in its place is written to.
    public var uid: String?
    /// The annotation.
    public var name: String
    /// Its value: the beginning of the file's SHA-256, so that it is written once for each file.
    public var value: String
}

extension Snapshot {
    /// The annotations that tell kubelets of a hashring file; none where the global view does not ask for them.
    ///
    /// Only pods that mount the file and do not have it yet. Those that do not say what they have are taken to lack it if
    /// they are older than the file: a younger one mounted the file as it is.
    func annotations(
        _ view: GlobalView, _ thanos: ThanosSpec, text: String, publishedAt: Timestamp?
    ) -> [PodAnnotation] {
        guard thanos.annotatePods ?? false else { return [] }
        let key = view.metadata.key
        let hash = HashringFile.configHash(of: text)
        let value = RingConvergence.text(of: hash)
        var pods: [ObjectKey: PodProcess] = [:]
        for ring in thanos.hashrings ?? [] {
            for pod in receivers(of: ring.name, in: key) where !pod.isTerminating { pods[pod.key] = pod.process }
        }
        for pod in routers(of: key) where !pod.isTerminating { pods[pod.key] = pod.process }
        return pods.filter { pod, process in
            // A volume is filled from the pod's own namespace.
            guard pod.namespace == key.namespace, process.configMaps.contains(view.hashringConfigMapName),
                process.toldHash != value
            else { return false }
            if let loaded = loadedHashrings[pod] { return loaded.hash != hash }
            guard let publishedAt, let created = process.created else { return true }
            return created <= publishedAt
        }.sorted { $0.key < $1.key }.map {
            PodAnnotation(pod: $0.key, uid: $0.value.uid, name: PodProcess.hashringAnnotation, value: value)
        }
    }
}
