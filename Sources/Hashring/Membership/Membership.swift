public import Kube

/// Decides which receivers are in a hashring, from which are there.
///
/// A ring that shrinks because receivers restart, or grows before they can take series, is what takes multi-tenant
/// write paths down: so members join when they are ready, leave at once only where they were scaled away, and never
/// leave fewer than the copies of a series need.
public enum Membership {
    /// A receiver as observed.
    public struct Replica: Sendable, Hashable {
        /// What it is, or would be, in the ring; the address tells receivers apart.
        public var endpoint: Endpoint
        /// The pod's name.
        public var pod: String
        /// The StatefulSet's name.
        public var statefulSet: String
        /// The pod's number in it.
        public var ordinal: Int
        /// Whether the StatefulSet wants it: false where it has been scaled below this number.
        public var isWanted: Bool
        /// Since when the pod has been ready; nil where it is not, or does not exist.
        public var readySince: Timestamp?
        /// Since when it has not been ready, or has been missing; where unknown, counted from now.
        public var unreadySince: Timestamp?
        /// Whether the pod is being deleted.
        public var isTerminating: Bool
        /// Whether the endpoint's zone is what it should be; false where a zone is asked for and not known yet.
        public var isZoneKnown: Bool

        /// A receiver; also made for each pod that a StatefulSet wants and that does not exist.
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

    /// What a ring bears.
    public struct Policy: Sendable, Hashable {
        /// The copies of each series, `--receive.replication-factor`.
        public var replicationFactor: Int
        /// The fewest members; the replication factor holds as well.
        public var minimumReplicas: Int
        /// How long a receiver has to be ready before it joins.
        public var joinAfter: Duration
        /// How long a member may be unready or missing before it leaves; nil lets it stay for as long as it is wanted.
        public var leaveAfter: Duration?
        /// The most members that join or leave at one time; nil sets no bound.
        public var maximumStep: Int?
        /// The time between two such steps.
        public var stepInterval: Duration
        /// Whether receivers join as soon as they are wanted, ready or not.
        public var joinsUnready: Bool
        /// Whether the algorithm is ketama, so that zones have to be even enough.
        public var heedsZones: Bool

        /// A policy; without arguments one copy, joining at once, leaving after 5 minutes.
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

    /// Why a receiver is not, or not any longer, what it should be.
    public enum Reason: String, Sendable, Hashable {
        /// It is not ready and not yet a member.
        case notReady = "NotReady"
        /// It is ready, but not for long enough.
        case joinDelayed = "JoinDelayed"
        /// It is ready, and a later step takes it in.
        case stepLimited = "StepLimited"
        /// It is ready, but there are too few others for a first publication.
        case tooFewReady = "TooFewReady"
        /// It is ready, but nobody knows yet in which zone it is.
        case zoneUnknown = "ZoneUnknown"
        /// It is ready, but with it, or with the zone that it is in now, the zones would be too uneven for the copies.
        case zonesUneven = "ZonesUneven"
        /// It is a member that is unready or missing, and is given time to come back.
        case unready = "Unready"
        /// It is a member that should leave, and stays since too few would be left.
        case held = "Held"
    }

    /// A receiver that waits, and for what.
    public struct Pending: Sendable, Hashable {
        /// The pod. For a member whose StatefulSet does not know it, the first label of its address, which is the pod's name.
        public var pod: String
        /// Why.
        public var reason: Reason
        /// Since when it has been ready or unready, where that is known.
        public var since: Timestamp?

        /// A receiver that waits.
        public init(pod: String, reason: Reason, since: Timestamp? = nil) {
            self.pod = pod
            self.reason = reason
            self.since = since
        }
    }

    /// What was decided.
    public struct Decision: Sendable, Hashable {
        /// The members to publish, in the order of StatefulSets as observed and of pod numbers; empty where a first
        /// publication has to wait.
        public var members: [Endpoint]
        /// The receivers that wait, in the same order.
        public var pending: [Pending]
        /// When to decide again though nothing may have changed; nil where only a change can matter.
        public var recheckAfter: Duration?

        /// Whether members stay only since too few would be left.
        public var isHeld: Bool { pending.contains { $0.reason == .held } }
    }

    /// Decides from the published members, the receivers that are there, and the time.
    ///
    /// `lastChange` is when the members last changed, for policies that bound steps.
    public static func decide(
        previous: [Endpoint], observed: [Replica], policy: Policy, now: Timestamp, lastChange: Timestamp? = nil
    ) -> Decision {
        var round = MembershipRound(
            previous: previous, observed: observed, policy: policy, now: now, lastChange: lastChange)
        return round.decide()
    }
}
