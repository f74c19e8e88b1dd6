public import Kube

/// A global view's hashrings in numbers, for metrics.
public struct HashringReport: Sendable, Hashable {
    /// One hashring.
    public struct Entry: Sendable, Hashable {
        /// The name in the GlobalView.
        public var name: String
        /// The number of receivers that the file names.
        public var members: Int
        /// The number of receivers that the StatefulSets want.
        public var desired: Int
        /// The number of receivers that wait to join, wait to leave, or are held.
        public var pending: Int
        /// The number of tenants that name the hashring; 0 for a soft hashring.
        public var tenants: Int
        /// Whether receivers stay in the hashring only because too few would be left.
        public var isHeld: Bool
        /// The number of receivers that have had an older file than the published one for a while; nil if none has been
        /// asked.
        public var older: Int?
    }

    /// The hashrings, in the order of the file.
    public var hashrings: [Entry]
    /// The number of tenants of the view.
    public var tenants: Int
    /// The value of `thanos_receive_config_hash` on receivers that have read the published file; nil before there is a
    /// file.
    public var hash: UInt64?
    /// When the published file last changed; nil before there is a file.
    public var changed: Timestamp?
    /// The reasons for which changes are not published, in CamelCase, sorted and without duplicates.
    public var refusals: [String]
}
