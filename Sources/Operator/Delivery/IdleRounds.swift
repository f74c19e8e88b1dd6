import Kube

/// Which jobs of an agent have had no targets for some time.
///
/// A shard or the pod of one node finds only its own targets, so a job is idle if it is so on every pod. That is found out in
/// rounds: in each, every pod answers once. So what is kept does not grow with the number of pods.
struct IdleRounds: Sendable {
    /// For how many rounds a job must be idle: some minutes, in which a Deployment may come that is applied after its monitor.
    static let needed = 5

    /// The jobs that are idle; nil until that is known.
    private(set) var idle: Set<String>?
    /// In how many rounds in a row each job was idle.
    private var held: [String: Int] = [:]
    private var rounds = 0
    /// The pods that have answered in this round, and the jobs that were idle on all of them; nil before one had jobs.
    private var answered: Set<ObjectKey> = []
    private var common: Set<String>?
    /// Those of them that have jobs. A pod that has just started answers before it has any.
    private var scraping: Set<ObjectKey> = []

    /// Takes in the newest metrics of a pod, one of all ready pods of an agent that wants so many; returns whether that
    /// changes ``idle``.
    mutating func take(
        _ metrics: AgentMetrics, of pod: ObjectKey, among pods: Set<ObjectKey>, wanted: Int
    ) -> Bool {
        let before = idle
        answered.insert(pod)
        // A shard that drains has no jobs, and says nothing about those of others.
        if metrics.jobs > 0 {
            scraping.insert(pod)
            common = common?.intersection(metrics.idleJobs) ?? metrics.idleJobs
            // What is found is good news at once.
            idle?.formIntersection(metrics.idleJobs)
        }
        // A pod that does not run may be the one that finds the targets.
        if scraping.count >= wanted, pods.isSubset(of: answered) { endRound() }
        return idle != before
    }

    private mutating func endRound() {
        let known = held
        held = (common ?? []).reduce(into: [:]) { $0[$1] = min(Self.needed, (known[$1] ?? 0) + 1) }
        (answered, common, scraping) = ([], nil, [])
        rounds = min(Self.needed, rounds + 1)
        if rounds == Self.needed { idle = Set(held.filter { $0.value == Self.needed }.keys) }
    }
}
