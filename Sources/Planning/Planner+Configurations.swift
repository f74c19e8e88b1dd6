import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI
import YAML

extension Planner {
    /// The configuration files of all agents in a plan, sorted by namespace, name and shard, as in the Secrets that the
    /// pods mount.
    public func configurations(in plan: Plan) -> [AgentConfigurationFile] {
        let secrets = Dictionary(
            plan.objects.lazy.filter { $0.kind == Resource.secrets.kind }.map { ($0.key, $0.json["data"] ?? [:]) },
            uniquingKeysWith: { first, _ in first })
        return snapshot.agents.keys.sorted().flatMap { key -> [AgentConfigurationFile] in
            let shards = snapshot.agents[key]?.shards ?? 0
            return (0..<shards).compactMap { shard in
                let name = AgentNames.name(of: key.name, shard: shard)
                return Self.content(name, in: key.namespace, secrets).map {
                    AgentConfigurationFile(agent: key, shard: shard, shards: shards, content: $0)
                }
            }
        }
    }

    /// A shard's file, assembled from its Secrets.
    private static func content(_ shard: String, in namespace: String, _ secrets: [ObjectKey: JSON]) -> JSON? {
        func read(_ secret: String, _ file: String) -> JSON? {
            let text = secrets[ObjectKey(namespace: namespace, name: secret)]?[file]?.string
            return text.flatMap { Base64.decode($0.utf8) }.flatMap { try? YAML.parseOne($0).value }
        }
        for parts in ConfigLayout.steps {
            let name = ConfigSecrets.mainName(shard, parts: parts)
            guard let file = read(name, PrometheusPod.configFile) else { continue }
            guard parts > 1 else { return file }
            let jobs = (0..<parts).flatMap { read("\(name)-\($0)", "jobs-\($0).yaml")?["scrape_configs"]?.array ?? [] }
            return .object(
                JSON.Members(
                    uniqueKeysWithValues: (file.object ?? [:]).map { member in
                        member.key == "scrape_config_files"
                            ? ("scrape_configs", JSON.array(jobs)) : (member.key, member.value)
                    }))
        }
        return nil
    }
}
