import Hashring
import Kube
import PlanningInput
import Receivers

extension PodAnnotation {
    /// The annotations that announce a hashring file; none where the view refuses them.
    ///
    /// Only pods that mount the file and do not have it yet get one. A pod that does not say what it has is assumed to lack
    /// the file if it is older than the file: a younger pod has mounted the file as it is.
    static func all(
        for view: ThanosView, _ states: FileStates, hash: UInt64, publishedAt: Timestamp?
    ) -> [PodAnnotation] {
        guard view.spec.annotatePods ?? true else { return [] }
        let value = HashringFile.digits(ofHash: hash)
        var pods: [ObjectKey: PodProcess] = [:]
        // Pods that others run are annotated only if that is asked for.
        for hashring in view.spec.hashrings ?? [] where hashring.isManaged || view.spec.annotatePods == true {
            for pod in view.snapshot.receivers(of: hashring.name, in: view.key) where !pod.isTerminating {
                pods[pod.key] = pod.process
            }
        }
        for pod in view.snapshot.routers(of: view.key) where !pod.isTerminating { pods[pod.key] = pod.process }
        return pods.filter { pod, process in
            // A volume is filled from the pod's own namespace.
            guard pod.namespace == view.namespace, process.configMaps.contains(view.resource.hashringConfigMapName),
                process.toldHash != value
            else { return false }
            switch states[pod] {
            case .starting: return true
            case .loaded(let loaded, _): return loaded.hash != hash
            case .unknown, .unasked, .silent:
                guard let publishedAt, let created = process.created else { return true }
                return created <= publishedAt
            }
        }.sorted { $0.key < $1.key }.map {
            PodAnnotation(pod: $0.key, uid: $0.value.uid, name: PodProcess.hashringAnnotation, value: value)
        }
    }
}
