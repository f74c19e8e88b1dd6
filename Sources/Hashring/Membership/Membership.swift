public import Kube

/// Decides which of the observed receivers are members of a hashring.
///
/// A hashring that shrinks because receivers restart, or grows before they can accept series, takes multi-tenant write
/// paths down. So receivers join when they are ready, leave at once only if they were scaled down, and are never fewer
/// than the copies of a series need.
public enum Membership {
    /// A receiver as observed.
    public struct Replica: Sendable, Hashable {
        /// Its entry in the hashring. The address identifies the receiver.
        public var endpoint: Endpoint
        /// The pod's name.
        public var pod: String
        /// The namespace and name of the StatefulSet.
        public var statefulSet: String
        /// The ordinal of the pod.
        public var ordinal: Int
        /// Whether the StatefulSet wants it; false once it has been scaled below this ordinal.
        public var isWanted: Bool
        /// Since when the pod has been ready; nil if it is not ready or does not exist.
        public var readySince: Timestamp?
        /// Since when it has been unready or missing; nil counts from now.
        public var unreadySince: Timestamp?
        /// Whether the pod is being deleted.
        public var isTerminating: Bool
        /// Whether the zone of the endpoint is final; false while it should have one that is not known yet.
        public var isZoneKnown: Bool

        /// A receiver. Pods that a StatefulSet wants have one, too, while they do not exist.
        public init(
            endpoint: Endpoint, pod: String, statefulSet: String, ordinal: Int, isWanted: Bool = true,
            readySince: Timestamp? = nil, unreadySince: Timestamp? = nil, isTerminating: Bool = false,
            isZoneKnown: Bool = true
        ) {
            self.endpoint = endpoint
            self.pod = pod
            self.statefulSet = statefulSet
            self.ordinal = ordinal
            self.isWanted = isWanted
            self.readySince = readySince
            self.unreadySince = unreadySince
            self.isTerminating = isTerminating
            self.isZoneKnown = isZoneKnown
        }

        var isReady: Bool { readySince != nil && !isTerminating }
    }

    /// When receivers may join and leave.
    public struct Policy: Sendable, Hashable {
        /// The copies of each series, `--receive.replication-factor`.
        public var replicationFactor: Int
        /// The fewest members; the replication factor is a lower bound, too.
        public var minimumReplicas: Int
        /// How long a receiver has to be ready before it joins.
        public var joinAfter: Duration
        /// How long a member may be unready or missing before it leaves; nil keeps it for as long as it is wanted.
        public var leaveAfter: Duration?
        /// The most members that join or leave at a time; nil means no limit.
        public var maximumStep: Int?
        /// The time between two such steps.
        public var stepInterval: Duration
        /// Whether receivers join as soon as they are wanted, ready or not.
        public var joinsUnready: Bool
        /// Whether zones must be even enough, as with ketama.
        public var heedsZones: Bool

        /// A policy; by default with one copy, joining at once and leaving after 5 minutes.
        public init(
            replicationFactor: Int = 1, minimumReplicas: Int = 1, joinAfter: Duration = .zero,
            leaveAfter: Duration? = .seconds(300), maximumStep: Int? = nil, stepInterval: Duration = .seconds(30),
            joinsUnready: Bool = false, heedsZones: Bool = true
        ) {
            self.replicationFactor = replicationFactor
            self.minimumReplicas = minimumReplicas
            self.joinAfter = joinAfter
            self.leaveAfter = leaveAfter
            self.maximumStep = maximumStep
            self.stepInterval = stepInterval
            self.joinsUnready = joinsUnready
            self.heedsZones = heedsZones
        }

        /// The fewest members that may be published.
        public var floor: Int { max(1, replicationFactor, minimumReplicas) }

        func isFeasible(_ members: some Collection<Endpoint>) -> Bool {
            members.count >= floor
                && (!heedsZones || Feasibility.holds(members, replicationFactor: replicationFactor))
        }
    }

    /// Why a receiver waits.
    public enum Reason: String, Sendable, Hashable {
        /// It is not ready and not yet a member.
        case notReady = "NotReady"
        /// It is ready, but not for long enough.
        case joinDelayed = "JoinDelayed"
        /// It is ready and joins with a later step.
        case stepLimited = "StepLimited"
        /// It is ready, but a first publication needs more ready receivers.
        case tooFewReady = "TooFewReady"
        /// It is ready, but its zone is not known yet.
        case zoneUnknown = "ZoneUnknown"
        /// It is ready, but with it or with its current zone, the zones would be too uneven for the copies.
        case zonesUneven = "ZonesUneven"
        /// It is an unready or missing member that still has time to come back.
        case unready = "Unready"
        /// It is a member that should leave, but without it too few would remain.
        case held = "Held"
        /// It would join or leave, but the change would move more series than it may.
        case moveLimited = "MoveLimited"
    }

    /// A receiver that waits, and the reason.
    public struct Pending: Sendable, Hashable {
        /// The pod. For a member whose StatefulSet does not know it, the first label of its address, which is the pod's
        /// name.
        public var pod: String
        /// The reason.
        public var reason: Reason
        /// Since when it has been ready or unready, if known.
        public var since: Timestamp?

        /// A receiver that waits.
        public init(pod: String, reason: Reason, since: Timestamp? = nil) {
            self.pod = pod
            self.reason = reason
            self.since = since
        }
    }

    /// The result of a decision.
    public struct Decision: Sendable, Hashable {
        /// The members to publish, in the order of the observed StatefulSets and then of ordinals; empty while a first
        /// publication has to wait.
        public var members: [Endpoint]
        /// The receivers that wait, in the same order.
        public var pending: [Pending]
        /// When to decide again even if nothing changes; nil if only a change matters.
        public var recheckAfter: Duration?

        /// Whether members stay only because too few would remain.
        public var isHeld: Bool { pending.contains { $0.reason == .held } }
    }

    /// Decides from the published members, the observed receivers and the time.
    ///
    /// `lastChange` is when the members last changed, for policies that limit steps.
    public static func decide(
        previous: [Endpoint], observed: [Replica], policy: Policy, now: Timestamp, lastChange: Timestamp? = nil
    ) -> Decision {
        var round = MembershipRound(
            previous: previous, observed: observed, policy: policy, now: now, lastChange: lastChange)
        return round.decide()
    }
}
