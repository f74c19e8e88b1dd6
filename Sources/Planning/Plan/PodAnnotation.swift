public import Kube

/// An annotation to write onto a pod, so that its kubelet updates the pod's volumes at once instead of within two minutes.
///
/// It is an action and not an object that should exist: `render` does not print it.
public struct PodAnnotation: Sendable, Hashable {
    /// The pod.
    public var pod: ObjectKey
    /// The pod's UID, so that no pod of the same name is written to that came later.
    public var uid: String?
    /// The annotation's name.
    public var name: String
    /// The annotation's value: the first digits of the file's SHA-256, so that each file is announced once.
    public var value: String

    /// An annotation.
    package init(pod: ObjectKey, uid: String?, name: String, value: String) {
        self.pod = pod
        self.uid = uid
        self.name = name
        self.value = value
    }
}
