public import Kube

/// Which hashring file a receiver or a router says that it has read: its metric `thanos_receive_config_hash`.
///
/// Thanos sets the metric when the file has parsed, before the ring is built from it, and ends where it cannot build it.
/// So the published file counts once it was seen twice in one process, a second apart; that it is used is not proven by it.
public struct LoadedHashring: Sendable, Hashable {
    /// The first 6 bytes of the file's SHA-256, little-endian.
    public var hash: UInt64
    /// When the receiver was first seen with that hash.
    public var since: Timestamp

    /// What a receiver says.
    public init(hash: UInt64, since: Timestamp) {
        self.hash = hash
        self.since = since
    }
}
