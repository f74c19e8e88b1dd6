public import Kube

/// The hashring file that a receiver or router has loaded, by its metric `thanos_receive_config_hash`.
///
/// Thanos sets the metric after it has parsed the file and before it builds the hashring, and exits if it cannot build
/// it. So the published file counts once the metric has shown it twice in one process, at least one second apart. The
/// metric does not prove that the file is in use.
public struct LoadedHashring: Sendable, Hashable {
    /// The first 6 bytes of the file's SHA-256, little-endian.
    public var hash: UInt64
    /// When the pod first showed that hash.
    public var since: Timestamp

    /// A file that a pod has loaded.
    public init(hash: UInt64, since: Timestamp) {
        self.hash = hash
        self.since = since
    }
}

/// The answer of a receiver or router to the question which hashring file it has loaded.
public enum LoadedHashringAnswer: Sendable, Hashable {
    /// It has loaded the file with this hash, the published one or another.
    case loaded(UInt64)
    /// It has loaded the file with this hash and rejects the file that it reads now.
    case refusing(UInt64)
    /// It does not answer, or not as Thanos does. The text is the reason.
    case silent(String)
}
