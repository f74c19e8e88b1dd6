public import Kube
public import Receivers

/// A pod that reads a global view's hashring file, and where to ask it which file it has loaded.
public struct FileReader: Sendable, Hashable {
    /// The pod.
    public var pod: ObjectKey
    /// The URL of its metrics.
    public var url: String
    /// The process in the pod; another process has loaded nothing yet.
    public var process: PodProcess
    /// Whether the pod is ready.
    public var isReady: Bool
    /// The hash that the pod shows once it has loaded the published file, as in `thanos_receive_config_hash`.
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
