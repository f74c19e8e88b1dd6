import Kube
import TestSupport

@testable import Hashring

extension SeededNumbers {
    fileprivate mutating func flip(_ chance: Double = 0.5) -> Bool { Double.random(in: 0..<1, using: &self) < chance }
}

/// A hashring through a random sequence of events of receivers, clocks and the operator.
struct MembershipRun {
    /// A broken invariant, with what is needed to reproduce it.
    struct Broken: Error, CustomStringConvertible {
        var description: String
    }

    private struct Pod {
        var isReady: Bool
        var since: Timestamp
        var isTerminating = false
    }

    private struct Set {
        var name: String
        var zone: String?
        var replicas = 0
        var isThere = false
        /// Whether it is being deleted: its pods exist, and none is wanted.
        var isBeingDeleted = false
        /// By how many zones its pods have moved.
        var shift = 0
        /// Whether the zones of its pods are known.
        var isZoneKnown = true
        var pods: [Int: Pod] = [:]
    }

    private enum Zones: CaseIterable {
        case none, bySet, byPod
    }

    let seed: UInt64
    private(set) var policy: Membership.Policy
    private var random: SeededNumbers
    private var now = Timestamp(seconds: 1_000_000)
    private var sets: [Set]
    private let zones: Zones
    private var missing: [String: Timestamp] = [:]
    /// The published file.
    private var text = ""
    private var previous: [Endpoint] = []
    private var lastChange: Timestamp?
    private var history: [String] = []
    /// How often the members have changed.
    private(set) var changes = 0

    init(seed: UInt64) {
        self.seed = seed
        var random = SeededNumbers(seed: seed)
        let factor = [1, 1, 2, 3, 3, 5].randomElement(using: &random) ?? 1
        policy = Membership.Policy(
            replicationFactor: factor, minimumReplicas: Int.random(in: 1...4, using: &random),
            joinAfter: .seconds([0, 0, 30].randomElement(using: &random) ?? 0),
            leaveAfter: [0, 60, 300, nil].randomElement(using: &random).flatMap { $0 }.map { .seconds($0) },
            maximumStep: [nil, nil, 1, 2].randomElement(using: &random).flatMap { $0 },
            stepInterval: .seconds(30))
        zones = Zones.allCases.randomElement(using: &random) ?? .none
        // The order is neither that of names nor that in which they appear.
        sets = [("z", "x"), ("a", "y"), ("a-1", "w")].map { Set(name: $0.0, zone: $0.1) }
        self.random = random
        sets[0].isThere = true
        sets[0].replicas = Int.random(in: 0...6, using: &self.random)
    }

    // MARK: - Events

    /// Plays this number of events; throws a broken invariant.
    mutating func play(_ events: Int) throws(Broken) {
        for _ in 0..<events {
            happen()
            try decide()
        }
    }

    private mutating func happen() {
        let index = Int.random(in: sets.indices, using: &random)
        let ordinal = Int.random(in: 0...max(0, sets[index].replicas), using: &random)
        let pod = "\(sets[index].name)-\(ordinal)"
        switch Int.random(in: 0..<23, using: &random) {
        case 0...6:
            for index in sets.indices {
                for ordinal in 0..<sets[index].replicas where random.flip(0.7) {
                    guard sets[index].pods[ordinal].map({ !$0.isReady }) ?? true else { continue }
                    sets[index].pods[ordinal] = Pod(isReady: true, since: now)
                }
            }
            note("most are ready")
        case 7, 8:
            sets[index].pods[ordinal]?.isReady = false
            sets[index].pods[ordinal]?.since = now
            note("\(pod) unready")
        case 9:
            sets[index].pods[ordinal]?.isTerminating = true
            sets[index].pods[ordinal]?.isReady = false
            sets[index].pods[ordinal]?.since = now
            note("\(pod) terminates")
        case 10, 11:
            sets[index].pods[ordinal] = nil
            note("\(pod) gone")
        case 12, 13:
            sets[index].replicas = Int.random(in: 0...12, using: &random)
            note("\(sets[index].name) scaled to \(sets[index].replicas)")
        case 14:
            sets[index].isThere.toggle()
            note("\(sets[index].name) \(sets[index].isThere ? "there" : "not there")")
        case 15:
            sets[index].isBeingDeleted.toggle()
            note("\(sets[index].name) being deleted: \(sets[index].isBeingDeleted)")
        case 16: pass(-Int64.random(in: 1...400, using: &random))
        case 20:
            sets[index].shift += 1
            note("\(sets[index].name) in other zones")
        case 21:
            sets[index].isZoneKnown.toggle()
            note("\(sets[index].name), zones known: \(sets[index].isZoneKnown)")
        case 17, 18: pass(Int64.random(in: 1...40, using: &random))
        default: pass(Int64.random(in: 40...700, using: &random))
        }
        if random.flip(0.1) { restart() }
    }

    private mutating func pass(_ seconds: Int64) {
        now = Timestamp(seconds: now.seconds + seconds)
        note("\(seconds) s")
    }

    /// Restarts the operator, which then knows only the file.
    private mutating func restart() {
        guard !text.isEmpty, let file = try? HashringFile(parsing: text) else { return }
        previous = file.rings[0].endpoints
        note("restart")
    }

    private mutating func note(_ event: String) { history.append(event) }

    // MARK: - Deciding

    private mutating func observed() -> [Membership.Replica] {
        var replicas: [Membership.Replica] = []
        for set in sets where set.isThere {
            let wanted = set.isBeingDeleted ? 0 : set.replicas
            let ordinals = Array(0..<wanted) + set.pods.keys.filter { $0 >= wanted }
            replicas += ordinals.shuffled(using: &random).map { ordinal in
                let name = "\(set.name)-\(ordinal)"
                let pod = set.pods[ordinal]
                let isReady = pod?.isReady ?? false
                let isZoneKnown = zones == .none || set.isZoneKnown
                if pod == nil { missing[name] = missing[name] ?? now } else { missing[name] = nil }
                return Membership.Replica(
                    endpoint: Endpoint(address: "\(name).svc:10901", zone: isZoneKnown ? zone(set, ordinal) : nil),
                    pod: name,
                    statefulSet: set.name, ordinal: ordinal, isWanted: ordinal < wanted,
                    readySince: isReady ? pod?.since : nil, unreadySince: isReady ? nil : pod?.since ?? missing[name],
                    isTerminating: pod?.isTerminating ?? false, isZoneKnown: isZoneKnown)
            }
        }
        return replicas
    }

    private func zone(_ set: Set, _ ordinal: Int) -> String? {
        switch zones {
        case .none: nil
        case .bySet: set.shift % 2 == 0 ? set.zone : "v"
        case .byPod: ["p", "q", "r"][(ordinal + set.shift) % 3]
        }
    }

    private func decided(
        _ observed: [Membership.Replica], from previous: [Endpoint], at now: Timestamp, lastChange: Timestamp?
    ) -> Membership.Decision {
        var policy = policy
        policy.joinsUnready = previous.isEmpty
        return Membership.decide(
            previous: previous, observed: observed, policy: policy, now: now, lastChange: lastChange)
    }

    @discardableResult
    private mutating func decide() throws(Broken) -> Membership.Decision {
        let observed = observed()
        let decision = decided(observed, from: previous, at: now, lastChange: lastChange)
        note("→ \(Self.short(decision.members))")
        try check(decision, observed)
        if decision.members != previous {
            changes += 1
            lastChange = now
            text = HashringFile([Hashring(name: "r", endpoints: decision.members, algorithm: .ketama)]).encoded()
            previous = decision.members
        }
        return decision
    }

    static func short(_ members: [Endpoint]) -> String {
        "[" + members.map { String($0.address.prefix { $0 != "." }) }.joined(separator: " ") + "]"
    }

    // MARK: - Invariants

    private func fail(_ what: String) -> Broken {
        Broken(
            description: "seed \(seed): \(what)\npolicy: \(policy)\nzones: \(zones)\n"
                + history.suffix(30).joined(separator: "\n"))
    }

    private func check(_ decision: Membership.Decision, _ observed: [Membership.Replica]) throws(Broken) {
        let replicas = Dictionary(observed.map { ($0.endpoint.address, $0) }) { $1 }
        let (before, after) = (Swift.Set(previous.map(\.address)), Swift.Set(decision.members.map(\.address)))
        if after.count != decision.members.count { throw fail("a receiver is there twice") }
        if !decision.members.isEmpty, !policy.isFeasible(decision.members) { throw fail("receivers could not use it") }
        if decision.members.isEmpty, !before.isEmpty { throw fail("everybody has left") }
        try checkOrder(decision.members, replicas)
        try checkCauses(joined: after.subtracting(before), left: before.subtracting(after), replicas)
        if let step = policy.maximumStep, !before.isEmpty {
            let moved = before.symmetricDifference(after).count
            if moved > step { throw fail("\(moved) members changed at once, the bound is \(step)") }
            if moved > 0, let lastChange, lastChange <= now, now.since(lastChange) < policy.stepInterval {
                throw fail("a step too early")
            }
        }
        // With a `leaveAfter` of 0, first members that are not ready leave with the next decision.
        if previous.isEmpty, policy.leaveAfter == .zero { return }
        // Deciding twice gives the same result, and so does deciding before `recheckAfter`.
        let lastChange = decision.members == previous ? lastChange : now
        let again = decided(observed, from: decision.members, at: now, lastChange: lastChange)
        if again.members != decision.members {
            throw fail("decided again, it is \(Self.short(again.members))")
        }
        let rest = again.recheckAfter.map { Int64($0.components.seconds) }
        let later = Timestamp(seconds: now.seconds + (rest.map { max(0, $0 - 1) } ?? 100_000))
        let waited = decided(observed, from: decision.members, at: later, lastChange: lastChange)
        if waited.members != decision.members {
            throw fail("after \(later.since(now)), though nothing happened, it is \(Self.short(waited.members))")
        }
    }

    /// The order of StatefulSets as given, and then of ordinals.
    private func checkOrder(_ members: [Endpoint], _ replicas: [String: Membership.Replica]) throws(Broken) {
        let there = Swift.Set(replicas.values.map(\.statefulSet))
        let places = members.compactMap { member -> [Int]? in
            let name = member.address.prefix { $0 != "." }
            guard let dash = name.lastIndex(of: "-"), let ordinal = Int(name[dash...].dropFirst()),
                let set = sets.firstIndex(where: { $0.name == name[..<dash] })
            else { return nil }
            // If nothing of a StatefulSet is observed, its place is unknown.
            guard there.contains(sets[set].name) else { return nil }
            return [set, ordinal]
        }
        for (left, right) in zip(places, places.dropFirst()) where !left.lexicographicallyPrecedes(right) {
            throw fail("out of order: \(Self.short(members))")
        }
        for (left, right) in zip(previous, previous.dropFirst()) {
            guard let first = members.firstIndex(where: { $0.address == left.address }),
                let second = members.firstIndex(where: { $0.address == right.address }), first > second,
                replicas[left.address] == nil, replicas[right.address] == nil
            else { continue }
            throw fail("\(left.address) and \(right.address) have changed places")
        }
    }

    private func checkCauses(
        joined: Swift.Set<String>, left: Swift.Set<String>, _ replicas: [String: Membership.Replica]
    ) throws(Broken) {
        for address in joined {
            guard let replica = replicas[address], replica.isWanted else { throw fail("\(address) joined unwanted") }
            if previous.isEmpty { continue }
            guard let since = replica.readySince, !replica.isTerminating else {
                throw fail("\(address) joined unready")
            }
            if max(.zero, now.since(since)) < policy.joinAfter { throw fail("\(address) joined too early") }
        }
        for address in left {
            guard let replica = replicas[address], replica.isWanted else { continue }
            guard replica.readySince == nil else { throw fail("\(address) left though it is ready") }
            let unreadyFor = max(.zero, now.since(replica.unreadySince ?? now))
            guard let leaveAfter = policy.leaveAfter, unreadyFor >= leaveAfter else {
                throw fail("\(address) left too early")
            }
        }
    }

    // MARK: - Settling

    /// Decides only when `recheckAfter` asks for it, and checks the members at the end.
    mutating func settle(allReady: Bool) throws(Broken) {
        if allReady {
            for index in sets.indices {
                for ordinal in 0..<sets[index].replicas where sets[index].pods[ordinal]?.isReady != true {
                    sets[index].pods[ordinal] = Pod(isReady: true, since: now)
                }
            }
        }
        for index in sets.indices { sets[index].isZoneKnown = true }
        note("nothing happens any more")
        var decision = try decide()
        var rounds = 0
        while let rest = decision.recheckAfter {
            rounds += 1
            guard rounds < 1000 else { throw fail("it never comes to rest") }
            pass(max(1, rest.components.seconds))
            decision = try decide()
        }
        let observed = observed()
        let wanted = observed.filter(\.isWanted)
        let stays = policy.leaveAfter == nil
        let before = Swift.Set(previous.map(\.address))
        let expected = wanted.filter { $0.isReady || (stays && before.contains($0.endpoint.address)) }
            .map(\.endpoint)
        guard policy.isFeasible(expected) else { return }
        // With limited steps there may be no feasible way through uneven zones; then receivers are pending.
        let blocked = decision.pending.contains { [.zonesUneven, .held].contains($0.reason) }
        if blocked, policy.maximumStep != nil, zones != .none { return }
        if before != Swift.Set(expected.map(\.address)), !(before.isEmpty && wanted.isEmpty) {
            throw fail("it should be \(Self.short(expected)) in the end")
        }
    }

    /// Makes receivers unready, and ready again before `leaveAfter`.
    mutating func flap() throws(Broken) {
        try settle(allReady: true)
        guard let patience = policy.leaveAfter?.components.seconds, patience > 2, !previous.isEmpty else { return }
        let members = previous
        var flapping: [(set: Int, ordinal: Int)] = []
        for index in sets.indices {
            for ordinal in sets[index].pods.keys.sorted() where random.flip() {
                sets[index].pods[ordinal]?.isReady = false
                sets[index].pods[ordinal]?.since = now
                flapping.append((index, ordinal))
            }
        }
        note("\(flapping.count) flap")
        var left = Int64.random(in: 1..<patience, using: &random)
        while left > 0 {
            let step = Int64.random(in: 1...left, using: &random)
            pass(step)
            left -= step
            try decide()
        }
        for (set, ordinal) in flapping { sets[set].pods[ordinal] = Pod(isReady: true, since: now) }
        try decide()
        guard previous == members else { throw fail("a flap made \(Self.short(members)) \(Self.short(previous))") }
    }
}
