import Hashring
public import Kube
public import Receivers
import TributaryAPI

/// A pod that reads the hashring file of a global view: where it can be asked which one it has loaded.
public struct FileReader: Sendable, Hashable {
    /// The pod.
    public var pod: ObjectKey
    /// Where it exports its metrics.
    public var url: String
    /// Which process it is; another one has loaded nothing yet.
    public var process: PodProcess
    /// Whether Kubernetes calls it ready.
    public var isReady: Bool
    /// What it says once it has loaded the published file, see ``LoadedHashring/hash``.
    public var hash: UInt64

    /// A reader.
    public init(pod: ObjectKey, url: String, process: PodProcess, isReady: Bool, hash: UInt64) {
        self.pod = pod
        self.url = url
        self.process = process
        self.isReady = isReady
        self.hash = hash
    }
}

extension Snapshot {
    /// The pods that read the hashring file of a global view and can be asked, by namespace and name; none while there is
    /// no file.
    public func fileReaders(of view: ObjectKey) -> [FileReader] {
        guard let global = globalViews[view], let thanos = global.spec.thanos, !global.isPaused,
            let text = published[ObjectKey(namespace: view.namespace, name: global.hashringConfigMapName)]?.text
        else { return [] }
        let hash = HashringFile.configHash(of: text)
        var readers: [ObjectKey: FileReader] = [:]
        func add(_ pod: ObjectKey, _ process: PodProcess, isReady: Bool, port: Int) {
            guard let url = process.ip.flatMap({ PodURL.make($0, port: port, path: "/metrics") }) else { return }
            readers[pod] = FileReader(pod: pod, url: url, process: process, isReady: isReady, hash: hash)
        }
        for ring in adoptedRings(of: view) {
            // Receivers of rings that are no more in the specification were Tributary's own.
            let spec = thanos.hashrings?.first { $0.name == ring.name }
            let port = spec?.effectiveHTTPPort ?? ReceiverNames.httpPort
            guard port > 0 else { continue }
            for pod in receivers(of: [ring]) where !pod.isTerminating {
                add(pod.key, pod.process, isReady: pod.isReady, port: port)
            }
        }
        for pod in routers(of: view) where !pod.isTerminating {
            add(pod.key, pod.process, isReady: pod.isReady, port: ReceiverNames.httpPort)
        }
        return readers.values.sorted { $0.pod < $1.pod }
    }

    /// The receivers that nobody asks, since their ring's specification says so.
    func unaskedReceivers(of view: ObjectKey) -> Set<ObjectKey> {
        let rings = globalViews[view]?.spec.thanos?.hashrings ?? []
        let unasked = Set(rings.filter { $0.effectiveHTTPPort == 0 }.map(\.name))
        guard !unasked.isEmpty else { return [] }
        return Set(receivers(of: adoptedRings(of: view).filter { unasked.contains($0.name) }).map(\.key))
    }

    /// The pods of a hashring's StatefulSets, in no order.
    func receivers(of ring: String, in view: ObjectKey) -> [ReceiverPod] {
        receivers(of: adoptedRings(of: view).filter { $0.name == ring })
    }

    /// The pods of hashrings' StatefulSets, each once though several rings may select it, in no order.
    func receivers(of rings: [AdoptedRing]) -> [ReceiverPod] {
        receiverSets.values.filter { set in rings.contains { $0.selects(set) } }
            .flatMap { (receiverPods[$0.key] ?? [:]).values }
    }

    /// The pods of a global view's routers, in no order.
    func routers(of view: ObjectKey) -> [RouterPod] {
        routerPods.values.filter { $0.view == view.name && $0.key.namespace == view.namespace }
    }
}
