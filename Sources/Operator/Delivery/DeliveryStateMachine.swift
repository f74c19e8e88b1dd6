import Kube
import Planning
import PlanningInput

/// Which pods of agents to ask what they send, and when, and what has been found.
///
/// It has no clock and makes no requests. Each pod is asked once in an interval. The interval has slots, and a pod gets the
/// next one that has the fewest, so that a new agent is asked soon and many are spread over the interval.
struct DeliveryStateMachine: PodPolling {
    /// A pod of an agent.
    struct Pod: Equatable, Sendable {
        var agent: ObjectKey
        var address: String
        var uid: String?
    }

    /// How to ask a pod.
    struct Request: Equatable, Sendable {
        var endpoint: AgentEndpoint
        var address: String
    }

    typealias Place = ObjectKey
    typealias Polls = PodPolls<ObjectKey>

    private struct Entry: Sendable {
        var pod: Pod
        /// nil while the agent is not to be asked.
        var slot: Int?
        var isAsked = false
        var looks = DeliveryLooks()
        /// How often in a row it did not answer.
        var silent = 0
        var told: PodDelivery?
    }

    /// How many slots an interval has.
    static let slotCount = 60
    /// How many slots a new pod waits at least.
    static let firstSlots = 5
    /// How many looks in a row must fail before that is told: a pod that restarts takes a while.
    static let silentLooks = 3

    private let slotLength: Duration
    private var endpoints: [ObjectKey: AgentEndpoint] = [:]
    private var entries: [ObjectKey: Entry] = [:]
    private var podsOf: [ObjectKey: Set<ObjectKey>] = [:]
    private var rounds: [ObjectKey: IdleRounds] = [:]
    private var slots = [Set<ObjectKey>](repeating: [], count: slotCount)
    /// The last slot that was asked, counted from the beginning of time.
    private var latest = 0
    private var polls = Polls()

    /// A machine that asks each pod once in an interval.
    init(interval: Duration = .seconds(60)) { slotLength = interval / Self.slotCount }

    // MARK: - What changes

    /// Takes over where an agent's pods answer; nil if they are not to be asked. Returns whether that has changed.
    mutating func follow(_ agent: ObjectKey, _ endpoint: AgentEndpoint?, now: Duration) -> Bool {
        let old = endpoints[agent]
        endpoints[agent] = endpoint
        if let old, let endpoint, old.isSamePlace(as: endpoint) { return false }
        guard old != nil || endpoint != nil else { return false }
        if endpoint == nil { rounds[agent] = nil }
        for key in (podsOf[agent] ?? []).sorted() {
            leaveSlot(key)
            if endpoint != nil { takeSlot(key, now: now) }
        }
        return true
    }

    /// Takes over a pod; nil if it is gone or not ready. Returns whether that has changed.
    mutating func set(_ key: ObjectKey, _ pod: Pod?, now: Duration) -> Bool {
        guard entries[key]?.pod != pod else { return false }
        if let old = entries[key] {
            leaveSlot(key)
            entries[key] = nil
            podsOf[old.pod.agent]?.remove(key)
            if podsOf[old.pod.agent]?.isEmpty == true { podsOf[old.pod.agent] = nil }
        }
        guard let pod else { return true }
        entries[key] = Entry(pod: pod)
        podsOf[pod.agent, default: []].insert(key)
        if endpoints[pod.agent] != nil { takeSlot(key, now: now) }
        return true
    }

    private mutating func leaveSlot(_ key: ObjectKey) {
        guard let slot = entries[key]?.slot else { return }
        slots[slot].remove(key)
        polls.forget(key)
        // What was told may be forgotten by the time that the pod is asked again, for example of an agent that was deleted
        // without its pods.
        if let pod = entries[key]?.pod { entries[key] = Entry(pod: pod) }
    }

    private mutating func takeSlot(_ key: ObjectKey, now: Duration) {
        let first = number(now) + Self.firstSlots
        let coming = (first..<first + Self.slotCount).map { $0 % Self.slotCount }
        guard let slot = coming.min(by: { slots[$0].count < slots[$1].count }) else { return }
        slots[slot].insert(key)
        entries[key]?.slot = slot
    }

    /// No longer waits for answers: asking has stopped.
    mutating func stop(now: Duration) { polls.stop(now: now) }

    // MARK: - Asking

    /// The slot of a time, counted from the beginning of time.
    private func number(_ now: Duration) -> Int { Int(now / slotLength) }

    /// Which pods to ask now, and when to look again.
    mutating func next(now: Duration) -> Polls.Step {
        let current = number(now)
        // Each slot once at most, if nobody looked for a long time.
        for number in max(latest + 1, current - Self.slotCount + 1)...max(latest + 1, current)
        where number <= current {
            for key in slots[number % Self.slotCount] where entries[key]?.isAsked == false {
                entries[key]?.isAsked = true
                polls.ask(key, at: now)
            }
        }
        latest = max(latest, current)
        var step = polls.next(now: now)
        let coming = (latest + 1...latest + Self.slotCount).first { !slots[$0 % Self.slotCount].isEmpty }
        step.at = [step.at, coming.map { slotLength * $0 }].compactMap(\.self).min()
        return step
    }

    /// How to ask a pod; nil for one that is no longer followed.
    func request(for key: ObjectKey) -> Request? {
        guard let pod = entries[key]?.pod, let endpoint = endpoints[pod.agent] else { return nil }
        return Request(endpoint: endpoint, address: pod.address)
    }

    /// Takes in the metrics of a pod; returns what it does, or nil where only another look can tell.
    mutating func look(_ metrics: AgentMetrics, for question: Polls.Question, now: Duration) -> PodDelivery? {
        entries[question.place]?.looks.take(metrics, at: now)
    }

    /// Takes in which jobs of a pod have no targets; returns the agent and its jobs that have had none for some time on any
    /// pod, where that has changed.
    mutating func lookForIdleJobs(
        _ metrics: AgentMetrics, for question: Polls.Question
    ) -> (agent: ObjectKey, jobs: Set<String>)? {
        guard let agent = entries[question.place]?.pod.agent, let pods = podsOf[agent],
            let wanted = endpoints[agent]?.pods
        else { return nil }
        var round = rounds.removeValue(forKey: agent) ?? IdleRounds()
        defer { rounds[agent] = round }
        guard round.take(metrics, of: question.place, among: pods, wanted: wanted) else { return nil }
        return round.idle.map { (agent, $0) }
    }

    /// Takes in what a look has found, nil for nothing; returns the agent and what is new about the pod.
    mutating func found(
        _ finding: Result<PodDelivery?, AgentMetrics.Problem>, for question: Polls.Question
    ) -> (agent: ObjectKey, delivery: PodDelivery)? {
        let key = question.place
        guard polls.answered(question), var entry = entries[key] else { return nil }
        defer { entries[key] = entry }
        entry.isAsked = false
        var delivery: PodDelivery
        switch finding {
        case .success(nil):
            entry.silent = 0
            return nil
        case .success(let found?):
            entry.silent = 0
            delivery = found
            // The log may not have the cause each time.
            if delivery.cause == nil, let told = entry.told, told.state == delivery.state,
                told.remoteWrite == delivery.remoteWrite
            {
                delivery.cause = told.cause
            }
        case .failure(let problem):
            entry.silent += 1
            guard entry.silent >= Self.silentLooks else { return nil }
            delivery = PodDelivery(.silent)
            // The words of the first failure stay, since they may differ each time.
            delivery.cause =
                entry.told?.state == .silent ? entry.told?.cause : PodDelivery.Cause("NotAnswering", "\(problem)")
        }
        guard entry.told != delivery else { return nil }
        entry.told = delivery
        return (entry.pod.agent, delivery)
    }
}
