import Kube

/// One decision about a ring's members, step by step.
struct MembershipRound {
    private let policy: Membership.Policy
    private let now: Timestamp
    private let previous: [Endpoint]
    /// The receivers by address, and their order: the StatefulSets as they were given, then by number; members that
    /// are not there where they stood.
    private var replicas: [String: Membership.Replica] = [:]
    private var order: [String] = []

    private var members: [String: Endpoint] = [:]
    private var reasons: [String: Membership.Reason] = [:]
    private var rechecks: [Duration] = []
    private var steps: Int
    private let waitForStep: Duration?

    init(
        previous: [Endpoint], observed: [Membership.Replica], policy: Membership.Policy, now: Timestamp,
        lastChange: Timestamp?
    ) {
        self.policy = policy
        self.now = now
        self.previous = previous
        var sets: [String: Int] = [:]
        for replica in observed where sets[replica.statefulSet] == nil { sets[replica.statefulSet] = sets.count }
        let sorted = observed.sorted {
            (sets[$0.statefulSet] ?? 0, $0.ordinal) < (sets[$1.statefulSet] ?? 0, $1.ordinal)
        }
        for replica in sorted where replicas.updateValue(replica, forKey: replica.endpoint.address) == nil {
            order.append(replica.endpoint.address)
        }
        var last: String?
        for endpoint in previous {
            if replicas[endpoint.address] == nil, members[endpoint.address] == nil {
                // It keeps its place: behind the one that stood before it.
                var index = 0
                if let last, let before = order.firstIndex(of: last) { index = before + 1 }
                order.insert(endpoint.address, at: index)
            }
            last = endpoint.address
            members[endpoint.address] = replicas[endpoint.address]?.endpoint ?? endpoint
        }
        // A time in the future is another clock's: of a node, or of the leader before. What waits for it would wait for
        // as long as the clocks differ.
        let sinceChange = lastChange.flatMap { $0 > now ? nil : now.since($0) }
        if policy.maximumStep != nil, let sinceChange, sinceChange < policy.stepInterval {
            steps = 0
            waitForStep = policy.stepInterval - sinceChange
        } else {
            steps = policy.maximumStep.map { max(1, $0) } ?? .max
            waitForStep = nil
        }
    }

    mutating func decide() -> Membership.Decision {
        let joining = order.filter { members[$0] == nil && mayJoin($0) }
        let leaving = self.leaving()
        if members.isEmpty {
            publishFirst(joining)
        } else {
            // Leaving comes first, as a member that is gone costs requests now; what the floor held is tried again
            // once others have joined.
            let heldAtFirst = leave(leaving)
            join(joining)
            let held = leave(heldAtFirst)
            for address in held {
                var rest = members
                rest[address] = nil
                reasons[address] = policy.isFeasible(rest.values) ? .stepLimited : .held
            }
        }
        return decision()
    }

    // MARK: Who would join or leave

    /// Whether a receiver that is no member could be one by now; notes why not.
    private mutating func mayJoin(_ address: String) -> Bool {
        guard let replica = replicas[address], replica.isWanted else { return false }
        if policy.joinsUnready { return true }
        guard let readySince = replica.readySince, !replica.isTerminating else {
            reasons[address] = .notReady
            return false
        }
        let readyFor = max(.zero, now.since(readySince))
        guard readyFor >= policy.joinAfter else {
            reasons[address] = .joinDelayed
            rechecks.append(policy.joinAfter - readyFor)
            return false
        }
        return true
    }

    /// The members that should leave: first those that are no longer wanted, then those unready for longest.
    private mutating func leaving() -> [String] {
        var unwanted: [String] = []
        var unready: [(address: String, since: Timestamp)] = []
        for address in order where members[address] != nil {
            guard let replica = replicas[address], replica.isWanted else {
                unwanted.append(address)
                continue
            }
            guard !replica.isReady, !policy.joinsUnready else { continue }
            reasons[address] = .unready
            guard let leaveAfter = policy.leaveAfter else { continue }
            let since = replica.unreadySince ?? now
            let rest = leaveAfter - max(.zero, now.since(since))
            if rest > .zero { rechecks.append(rest) } else { unready.append((address, since)) }
        }
        // The highest numbers go first, as StatefulSets scale down.
        return unwanted.reversed()
            + unready.enumerated().sorted { ($0.element.since, $0.offset) < ($1.element.since, $1.offset) }
            .map(\.element.address)
    }

    // MARK: Joining and leaving

    private mutating func publishFirst(_ joining: [String]) {
        let endpoints = joining.compactMap { replicas[$0]?.endpoint }
        if policy.isFeasible(endpoints) {
            for endpoint in endpoints { members[endpoint.address] = endpoint }
            for address in joining where replicas[address]?.isReady == false { reasons[address] = .unready }
        } else {
            let reason: Membership.Reason = endpoints.count < policy.floor ? .tooFewReady : .zonesUneven
            for address in joining { reasons[address] = reason }
        }
    }

    /// Lets receivers in, all at once where that is feasible, else one by one as far as it is.
    private mutating func join(_ joining: [String]) {
        let now = joining.prefix(steps)
        for address in joining.dropFirst(now.count) {
            reasons[address] = .stepLimited
        }
        var all = members
        for address in now { all[address] = replicas[address]?.endpoint }
        // A ring that is below its floor already is made no worse by whoever joins.
        if policy.isFeasible(all.values) || !policy.isFeasible(members.values) {
            steps -= now.count
            members = all
            return
        }
        for address in now {
            var more = members
            more[address] = replicas[address]?.endpoint
            if policy.isFeasible(more.values) {
                members = more
                steps -= 1
            } else {
                reasons[address] = .zonesUneven
            }
        }
    }

    /// Lets members go as far as the rest is feasible and steps are left; returns those that stay.
    private mutating func leave(_ leaving: [String]) -> [String] {
        leaving.filter { address in
            guard steps > 0 else { return true }
            var rest = members
            rest[address] = nil
            guard policy.isFeasible(rest.values) else { return true }
            members = rest
            // Said at once, so that the next decision, which finds it no member, says nothing new.
            let isMissed = replicas[address].map { $0.isWanted && !$0.isReady } ?? false
            reasons[address] = isMissed ? .notReady : nil
            steps -= 1
            return false
        }
    }

    // MARK: The result

    private func decision() -> Membership.Decision {
        let pending = order.compactMap { address in
            reasons[address].map { reason in
                let replica = replicas[address]
                return Membership.Pending(
                    pod: replica?.pod ?? address, reason: reason, since: replica?.readySince ?? replica?.unreadySince)
            }
        }
        var rechecks = rechecks
        if pending.contains(where: { $0.reason == .stepLimited }) {
            rechecks.append(waitForStep ?? policy.stepInterval)
        }
        return Membership.Decision(
            members: order.compactMap { members[$0] }, pending: pending, recheckAfter: rechecks.min())
    }
}
