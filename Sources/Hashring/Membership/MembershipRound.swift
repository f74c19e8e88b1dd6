import Kube

/// One decision about the members of a hashring, step by step.
struct MembershipRound {
    private let policy: Membership.Policy
    private let now: Timestamp
    private let previous: [Endpoint]
    /// The receivers by address, and their order: by StatefulSet as given, then by ordinal. Members whose StatefulSet
    /// does not exist keep their places.
    private var replicas: [String: Membership.Replica] = [:]
    private var order: [String] = []

    private var members: [String: Endpoint] = [:]
    private var reasons: [String: Membership.Reason] = [:]
    private var rechecks: [Duration] = []
    private var steps: Int
    private let waitForStep: Duration?
    private let lastChange: Timestamp?

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
        for endpoint in previous {
            members[endpoint.address] = replicas[endpoint.address]?.endpoint(inPlaceOf: endpoint) ?? endpoint
        }
        if !Set(members.keys).isSubset(of: order) { order = Self.order(sorted, sets, previous) }
        // A time in the future comes from another clock, of a node or of the previous leader. Waiting for it would last
        // as long as the clocks differ.
        let lastChange = lastChange.flatMap { $0 > now ? nil : $0 }
        self.lastChange = lastChange
        let sinceChange = lastChange.map { now.since($0) }
        if policy.maximumStep != nil, let sinceChange, sinceChange < policy.stepInterval {
            steps = 0
            waitForStep = policy.stepInterval - sinceChange
        } else {
            steps = policy.maximumStep.map { max(1, $0) } ?? .max
            waitForStep = nil
        }
    }

    /// The addresses of receivers and members in order.
    private static func order(
        _ sorted: [Membership.Replica], _ sets: [String: Int], _ previous: [Endpoint]
    ) -> [String] {
        var places: [(set: Int, number: Int, address: String)] = []
        var series: [NumberedAddress.Series: Int] = [:]
        var known: Set<String> = []
        for replica in sorted where known.insert(replica.endpoint.address).inserted {
            let set = sets[replica.statefulSet] ?? 0
            places.append((set, replica.ordinal, replica.endpoint.address))
            guard let address = NumberedAddress(replica.endpoint.address), address.number == replica.ordinal else {
                continue
            }
            series[address.series] = set
        }
        // A member that is gone has only its address, which names its StatefulSet if other pods of that are observed.
        for endpoint in previous where !known.contains(endpoint.address) {
            guard let address = NumberedAddress(endpoint.address), let set = series[address.series] else { continue }
            known.insert(endpoint.address)
            places.append((set, address.number, endpoint.address))
        }
        places.sort { ($0.set, $0.number) < ($1.set, $1.number) }
        var order = places.map(\.address)
        var last: String?
        for endpoint in previous {
            if known.insert(endpoint.address).inserted {
                // It keeps its place after the member before it.
                let before = last.flatMap { order.firstIndex(of: $0) }
                order.insert(endpoint.address, at: before.map { $0 + 1 } ?? 0)
            }
            last = endpoint.address
        }
        return order
    }

    mutating func decide() -> Membership.Decision {
        settleZones()
        let joining = order.filter { members[$0] == nil && mayJoin($0) }
        let leaving = self.leaving()
        if members.isEmpty {
            publishFirst(joining)
        } else if !changeAtOnce(joining, leaving) {
            // Leaving comes first, as a member that is gone fails requests now. Members that the floor held try again
            // after others have joined.
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

    // MARK: Zones

    /// Keeps members in their published zones if their current zones could not hold all copies.
    private mutating func settleZones() {
        for (address, replica) in replicas where !replica.isZoneKnown && members[address]?.zone == nil {
            if members[address] != nil { reasons[address] = .zoneUnknown }
        }
        func holds(_ endpoints: some Sequence<Endpoint>) -> Bool {
            Feasibility.holds(endpoints, replicationFactor: policy.replicationFactor)
        }
        guard policy.heedsZones, !holds(members.values), holds(previous) else { return }
        for endpoint in previous where members[endpoint.address]?.zone != endpoint.zone {
            members[endpoint.address]?.zone = endpoint.zone
            reasons[endpoint.address] = .zonesUneven
        }
    }

    // MARK: Candidates

    /// Whether a receiver that is not a member may join; notes why not.
    private mutating func mayJoin(_ address: String) -> Bool {
        guard let replica = replicas[address], replica.isWanted else { return false }
        if policy.joinsUnready { return true }
        guard let readySince = replica.readySince, !replica.isTerminating else {
            reasons[address] = .notReady
            return false
        }
        guard replica.isZoneKnown else {
            reasons[address] = .zoneUnknown
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

    /// The members that should leave: first those that are no longer wanted, then those that were unready the longest.
    private mutating func leaving() -> [String] {
        var unwanted: [String] = []
        var unready: [(address: String, since: Timestamp)] = []
        let published = firstPublication()
        for address in order where members[address] != nil {
            guard let replica = replicas[address], replica.isWanted else {
                unwanted.append(address)
                continue
            }
            guard !replica.isReady, !policy.joinsUnready else { continue }
            reasons[address] = .unready
            guard let leaveAfter = policy.leaveAfter else { continue }
            var since = replica.unreadySince ?? now
            if let published, since < published { since = published }
            let rest = leaveAfter - max(.zero, now.since(since))
            if rest > .zero { rechecks.append(rest) } else { unready.append((address, since)) }
        }
        // The highest ordinals leave first, as StatefulSets scale down.
        return unwanted.reversed()
            + unready.enumerated().sorted { ($0.element.since, $0.offset) < ($1.element.since, $1.offset) }
            .map(\.element.address)
    }

    /// When the first file was published, as long as no member was ready before that.
    ///
    /// Receivers cannot become ready without a file, so the time before it does not count as unready.
    private func firstPublication() -> Timestamp? {
        guard let lastChange else { return nil }
        let isFirst = members.keys.allSatisfy { address in
            guard let replica = replicas[address] else { return false }
            if let readySince = replica.readySince { return readySince >= lastChange }
            return (replica.unreadySince ?? now) <= lastChange
        }
        return isFirst ? lastChange : nil
    }

    // MARK: Joining and leaving

    /// Lets all candidates join and leave at once if the outcome is feasible, although single steps to it may not be,
    /// for example when a whole zone comes or goes. Returns whether it did.
    private mutating func changeAtOnce(_ joining: [String], _ leaving: [String]) -> Bool {
        guard joining.count + leaving.count <= steps else { return false }
        var all = members
        for address in leaving { all[address] = nil }
        for address in joining { all[address] = replicas[address]?.endpoint }
        guard policy.isFeasible(all.values) else { return false }
        members = all
        for address in leaving { noteLeft(address) }
        return true
    }

    /// Notes for a member that has left what the next decision will say of it, so that no status is written twice.
    private mutating func noteLeft(_ address: String) {
        let isMissed = replicas[address].map { $0.isWanted && !$0.isReady } ?? false
        reasons[address] = isMissed ? .notReady : nil
    }

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

    /// Lets receivers join, all at once if that is feasible, otherwise one by one and zone by zone as far as it is.
    private mutating func join(_ joining: [String]) {
        let now = joining.prefix(steps)
        var all = members
        for address in now { all[address] = replicas[address]?.endpoint }
        // A hashring that is already below its floor only improves when receivers join.
        if policy.isFeasible(all.values) || !policy.isFeasible(members.values) {
            steps -= now.count
            members = all
            for address in joining.dropFirst(now.count) { reasons[address] = .stepLimited }
            return
        }
        var waiting = joining
        var before: Int
        repeat {
            before = waiting.count
            waiting.removeAll { admit([$0]) }
        } while waiting.count < before
        for zone in Set(waiting.map { replicas[$0]?.endpoint.zone ?? "" }).sorted()
        where admit(waiting.filter { isIn(zone, $0) }) {
            waiting.removeAll { isIn(zone, $0) }
        }
        for address in waiting { reasons[address] = steps > 0 ? .zonesUneven : .stepLimited }
    }

    private func isIn(_ zone: String, _ address: String) -> Bool { replicas[address]?.endpoint.zone ?? "" == zone }

    /// Lets some receivers join together if enough steps are left and the hashring stays feasible.
    private mutating func admit(_ joining: [String]) -> Bool {
        guard joining.count <= steps else { return false }
        var more = members
        for address in joining { more[address] = replicas[address]?.endpoint }
        guard policy.isFeasible(more.values) else { return false }
        members = more
        steps -= joining.count
        return true
    }

    /// Lets members leave as long as the rest is feasible and steps are left; returns those that stay.
    private mutating func leave(_ leaving: [String]) -> [String] {
        leaving.filter { address in
            guard steps > 0 else { return true }
            var rest = members
            rest[address] = nil
            guard policy.isFeasible(rest.values) else { return true }
            members = rest
            noteLeft(address)
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
                    pod: replica?.pod ?? String(address.prefix { $0 != "." }), reason: reason,
                    since: replica?.readySince ?? replica?.unreadySince)
            }
        }
        var rechecks = rechecks
        // Held members, and those that would make zones uneven, may change together with others once steps are left
        // again.
        let hasChanged = members.count != previous.count || previous.contains { members[$0.address] == nil }
        let mayStep = policy.maximumStep != nil && (waitForStep != nil || hasChanged)
        let blocked: Set<Membership.Reason> = mayStep ? [.stepLimited, .held, .zonesUneven] : [.stepLimited]
        if pending.contains(where: { blocked.contains($0.reason) }) {
            rechecks.append(waitForStep ?? policy.stepInterval)
        }
        return Membership.Decision(
            members: order.compactMap { members[$0] }, pending: pending, recheckAfter: rechecks.min())
    }
}

extension Membership.Replica {
    /// The endpoint to publish for a member: with the published zone while the new one is not known.
    fileprivate func endpoint(inPlaceOf published: Endpoint) -> Endpoint {
        var endpoint = endpoint
        if !isZoneKnown { endpoint.zone = published.zone }
        return endpoint
    }
}
