import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

extension AgentPlanner {
    /// What becomes of the agent's monitors.
    var monitors: MonitorPlanning { MonitorPlanning(agent: agent, about: about, snapshot: snapshot, cache: cache) }

    /// Records the Secrets and ConfigMaps that the agent's own settings refer to. Returns whether some have not been
    /// read yet; then there is no plan yet.
    mutating func waits(for credentials: CredentialResolver) -> Bool {
        plan.credentialSources.formUnion(credentials.asked.map { CredentialSource(of: $0) })
        guard credentials.asked.contains(where: { snapshot.monitoring.find($0) == .unknown }) else { return false }
        wait()
        return true
    }

    /// Replaces the plan with an empty one that names what must be read first.
    mutating func wait() {
        let sources = plan.credentialSources
        plan = Plan()
        plan.credentialSources = sources
        plan.isWaiting = true
        plan.keepsExisting = true
    }

    /// The Secrets with the configuration, in as many parts as needed.
    mutating func configSecrets(
        _ version: PrometheusVersion, _ file: JSON, _ jobs: AgentJobs, _ draining: [DrainingShard]
    ) throws(Diagnostic) -> ConfigSecrets {
        let shards = Array(0..<agent.shards) + draining.map(\.number)
        return try monitors.configSecrets(
            version, file, jobs.jobs, names: shards.map { AgentNames.name(of: agent.metadata.name, shard: $0) },
            scraping: agent.shards, workloads: shards.map { workload(ofShard: $0) }, keeps: &plan.keeps)
    }
}
