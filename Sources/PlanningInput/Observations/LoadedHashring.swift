public import Kube

/// The hashring file that a receiver or router has loaded, by its metric `thanos_receive_config_hash`.
///
/// Thanos sets the metric when it has parsed the file, before it builds the hashring, and exits where it cannot build it.
/// So the published file counts once the metric has shown it twice in one process, one second apart. The metric does not
/// prove that the file is in use.
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

/// What a receiver or router answers when it is asked for its hashring file.
public enum LoadedHashringAnswer: Sendable, Hashable {
    /// It has loaded the file with this hash, the published one or another.
    case loaded(UInt64)
    /// It has loaded the file with this hash and refuses the file that it reads now.
    case refusing(UInt64)
    /// It does not answer, or not as Thanos does; the text is the reason.
    case silent(String)
}
