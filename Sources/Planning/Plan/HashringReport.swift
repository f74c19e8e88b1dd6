public import Kube

/// A global view's hashrings in numbers: what metrics say of a plan.
public struct HashringReport: Sendable, Hashable {
    /// One hashring.
    public struct Ring: Sendable, Hashable {
        /// The name in the file.
        public var name: String
        /// The receivers that the file names.
        public var members: Int
        /// The receivers that the StatefulSets want.
        public var desired: Int
        /// The receivers that wait to join, wait to leave, or are held.
        public var pending: Int
        /// The tenants that the ring is for by name; a soft ring names none.
        public var tenants: Int
        /// Whether receivers stay in the ring only since too few would be left.
        public var isHeld: Bool
        /// The receivers that have had an older file than the published one for a while; nil where none has been asked.
        public var older: Int?
    }

    /// The rings, in the file's order.
    public var rings: [Ring]
    /// The tenants of the view, on whichever ring.
    public var tenants: Int
    /// What receivers show as `thanos_receive_config_hash` once they have read the published file; nil before there is one.
    public var hash: UInt64?
    /// When the published file last changed; nil before there is one.
    public var changed: Timestamp?
    /// Why what the custom resources ask for is not published: reasons in CamelCase, sorted, each once.
    public var refusals: [String]
}
