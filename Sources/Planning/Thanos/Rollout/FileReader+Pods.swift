import Kube
import PlanningInput
import Receivers

extension FileReader {
    /// The pods that read a view's hashring file and can be asked, sorted by namespace and name.
    static func all(of view: ThanosView, hash: UInt64) -> [FileReader] {
        let snapshot = view.snapshot
        var readers: [ObjectKey: FileReader] = [:]
        func add(_ pod: ObjectKey, _ process: PodProcess, isReady: Bool, port: Int) {
            guard let url = process.ip.flatMap({ PodURL.make($0, port: port, path: "/metrics") }) else { return }
            readers[pod] = FileReader(pod: pod, url: url, process: process, isReady: isReady, hash: hash)
        }
        for selector in snapshot.receiverSelectors(of: view.key) {
            // Receivers of a hashring that is no longer in the specification were managed ones.
            let spec = view.spec.hashrings?.first { $0.name == selector.hashring }
            let port = spec?.effectiveHTTPPort ?? ThanosNames.httpPort
            guard port > 0 else { continue }
            for pod in snapshot.receivers(selectedBy: [selector]) where !pod.isTerminating {
                add(pod.key, pod.process, isReady: pod.isReady, port: port)
            }
        }
        for pod in snapshot.routers(of: view.key) where !pod.isTerminating {
            add(pod.key, pod.process, isReady: pod.isReady, port: ThanosNames.httpPort)
        }
        return readers.values.sorted { $0.pod < $1.pod }
    }
}
