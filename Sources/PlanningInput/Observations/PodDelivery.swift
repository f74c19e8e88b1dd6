/// Whether a pod of an agent sends what it scrapes, as it was found when it was asked last.
///
/// All figures are rounded down to steps, so that small changes alter no plan and no status.
public struct PodDelivery: Sendable, Hashable {
    /// What the pod does. The raw value is the reason of the condition `Delivering`.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// It sends what it scrapes.
        case sending = "Sending"
        /// It has scraped nothing that it could send.
        case nothingScraped = "NothingScraped"
        /// It has no remote write.
        case noRemoteWrite = "NoRemoteWrite"
        /// It does not say what it sends.
        case silent = "NotAnswering"
        /// It sends, but late.
        case behind = "Behind"
        /// Some of its samples are refused for good.
        case losing = "LosingSamples"
        /// Most of its samples are refused for good.
        case refused = "Refused"
        /// Nothing that it sends arrives. It tries again, and keeps the samples meanwhile.
        case notSending = "NotSending"
    }

    /// Why samples do not arrive.
    public struct Cause: Sendable, Hashable {
        /// One word in CamelCase that programs can rely on.
        public var reason: String
        /// A sentence without secrets.
        public var message: String

        /// A cause.
        public init(_ reason: String, _ message: String) {
            self.reason = reason
            self.message = message
        }
    }

    /// What the pod does.
    public var state: State
    /// The name of the remote write that is the worst.
    public var remoteWrite: String?
    /// How many seconds the newest sample that was sent is older than the newest one that was scraped.
    public var behind = 0
    /// How many samples each minute were refused for good.
    public var failed = 0
    /// How many samples each minute were given up without being sent, since they are too old.
    public var dropped = 0
    /// How many targets cannot be scraped; nil if that is not known.
    public var targetsDown: Int?
    /// Why samples do not arrive; nil if that is not known.
    public var cause: Cause?

    /// A finding.
    public init(_ state: State, remoteWrite: String? = nil) {
        self.state = state
        self.remoteWrite = remoteWrite
    }
}

extension PodDelivery.State {
    /// Whether samples arrive; nil where that is not known.
    public var isDelivering: Bool? {
        switch self {
        case .sending: true
        case .nothingScraped, .noRemoteWrite, .silent: nil
        case .behind, .losing, .refused, .notSending: false
        }
    }
}
