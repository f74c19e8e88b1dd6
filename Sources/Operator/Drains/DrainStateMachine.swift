import Kube
import Planning
import PlanningInput

/// Which shards that drain to look at, and when, and what looks at them have found.
///
/// It has no clock and makes no requests. A look at a shard asks for the addresses of its pods, and then each pod.
struct DrainStateMachine: PodPolling {
    /// Why it is not known how far a shard is.
    struct Silence: Error, Hashable, CustomStringConvertible {
        var description: String
    }

    /// What is asked: the API server for a shard's pods, or one of its pods.
    enum Place: Hashable, Comparable, Sendable {
        case shard(ObjectKey)
        case pod(ObjectKey, number: Int)

        var workload: ObjectKey {
            switch self {
            case .shard(let workload), .pod(let workload, _): workload
            }
        }
    }

    /// How to ask.
    enum Request: Hashable, Sendable {
        case addresses(DrainTarget)
        case progress(url: String)
    }

    /// What a look has found.
    struct Look: Sendable {
        var key: PlanKey
        var workload: ObjectKey
        var result: Result<[SendingProgress], Silence>
        var findings: [DrainAnswer]
    }

    typealias Polls = PodPolls<Place>

    private struct Shard: Sendable {
        var key: PlanKey
        var target: DrainTarget
        var looks = DrainLooks()
        /// Where the metrics of its pods are, in the look that is under way.
        var urls: [String] = []
        /// What its pods have said in that look.
        var answers: [Int: Result<SendingProgress, Silence>] = [:]
    }

    /// The time between two looks, for which a shard also has to stay done before it is removed.
    static let interval = Duration.seconds(5)

    private var shards: [ObjectKey: Shard] = [:]
    private var polls = Polls()

    /// Takes over which shards of an agent drain now; returns whether that has changed.
    mutating func follow(_ key: PlanKey, _ targets: [DrainTarget], now: Duration) -> Bool {
        var hasChanged = false
        for (workload, shard) in shards where shard.key == key && !targets.contains(shard.target) {
            forgetPods(of: shard)
            polls.forget(.shard(workload))
            shards[workload] = nil
            hasChanged = true
        }
        for target in targets where shards[target.workload] == nil {
            shards[target.workload] = Shard(key: key, target: target)
            polls.ask(.shard(target.workload), at: now)
            hasChanged = true
        }
        return hasChanged
    }

    /// No longer waits for answers: asking has stopped.
    mutating func stop(now: Duration) { polls.stop(now: now) }

    /// What to ask now, and when to look again.
    mutating func next(now: Duration) -> Polls.Step { polls.next(now: now) }

    /// How to ask a place; nil for one that is no longer followed.
    func request(for place: Place) -> Request? {
        guard let shard = shards[place.workload] else { return nil }
        switch place {
        case .shard: return .addresses(shard.target)
        case .pod(_, let number): return shard.urls.indices.contains(number) ? .progress(url: shard.urls[number]) : nil
        }
    }

    /// Takes in the addresses of a shard's pods, nil where one has none; returns the look if it ends with that.
    mutating func found(
        _ addresses: Result<[String]?, Silence>, for question: Polls.Question, now: Duration
    ) -> Look? {
        guard polls.answered(question), var shard = shards[question.place.workload] else { return nil }
        do throws(Silence) {
            shard.urls = try Self.urls(of: addresses.get() ?? [], of: shard.target)
        } catch {
            return end(shard, .failure(error), now: now)
        }
        shard.answers = [:]
        shards[shard.target.workload] = shard
        for number in shard.urls.indices { polls.ask(.pod(shard.target.workload, number: number), at: now) }
        return nil
    }

    /// Takes in what a pod says, or why it says nothing; returns the look if it ends with that.
    mutating func answered(
        _ question: Polls.Question, _ progress: Result<SendingProgress, Silence>, now: Duration
    ) -> Look? {
        guard polls.answered(question), case .pod(let workload, let number) = question.place,
            var shard = shards[workload]
        else { return nil }
        shard.answers[number] = progress.mapError { Silence(description: "\(shard.urls[number]): \($0)") }
        shards[workload] = shard
        guard shard.answers.count == shard.urls.count else { return nil }
        let answers = shard.answers
        // Of several pods that say nothing, the first.
        let silence = shard.urls.indices.lazy.compactMap { number -> Silence? in
            if case .failure(let silence) = answers[number] { silence } else { nil }
        }.first
        let progress = shard.urls.indices.compactMap { number -> SendingProgress? in
            if case .success(let progress) = answers[number] { progress } else { nil }
        }
        return end(shard, silence.map { .failure($0) } ?? .success(progress), now: now)
    }

    private mutating func end(_ shard: Shard, _ result: Result<[SendingProgress], Silence>, now: Duration) -> Look {
        var shard = shard
        let workload = shard.target.workload
        var findings: [DrainAnswer] = []
        switch result {
        case .failure(let silence):
            if shard.looks.takeSilence() { findings.append(.silent("\(silence)")) }
        case .success(let progress):
            let (isSent, isNews) = shard.looks.take(progress)
            if isNews { findings.append(.answering) }
            if isSent { findings.append(.sent) }
        }
        forgetPods(of: shard)
        (shard.urls, shard.answers) = ([], [:])
        shards[workload] = shard
        polls.ask(.shard(workload), at: now + Self.interval)
        return Look(key: shard.key, workload: workload, result: result, findings: findings)
    }

    private mutating func forgetPods(of shard: Shard) {
        for number in shard.urls.indices { polls.forget(.pod(shard.target.workload, number: number)) }
    }

    private static func urls(of addresses: [String], of target: DrainTarget) throws(Silence) -> [String] {
        guard !addresses.isEmpty else { throw Silence(description: "found no pods, or one without an address") }
        var urls: [String] = []
        for address in addresses {
            guard let url = target.url(at: address) else {
                throw Silence(description: "found \"\(address)\", expected the address of a pod")
            }
            urls.append(url)
        }
        return urls
    }
}
