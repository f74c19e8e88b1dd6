import Kube
import KubeRuntime

/// The version that the snapshot had of each ConfigMap with a hashring or limits file, at one moment: written, or shown by
/// a watch.
struct PublishedVersions: Sendable {
    private var versions: [ObjectKey: ObjectVersion] = [:]

    subscript(key: ObjectKey) -> ObjectVersion? {
        get { versions[key] }
        set { versions[key] = newValue }
    }

    /// Whether a watch has shown a ConfigMap since that moment, or a newer version of it. A repair of somebody's edit by a
    /// plan that does not know of the edit would not report it.
    func isBehind(_ version: ObjectVersion, _ key: ObjectKey) -> Bool {
        versions[key]?.isOlder(than: version) ?? true
    }
}
