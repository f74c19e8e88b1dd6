public import Kube
import PrometheusConfig

/// The configuration file of the pods of one shard of an agent.
public struct AgentConfigurationFile: Sendable, Hashable {
    /// The agent.
    public var agent: ObjectKey
    /// The shard, from 0 on.
    public var shard: Int
    /// How many shards the agent has.
    public var shards: Int
    /// The file's content, including the jobs that it names in other files (`scrape_config_files`).
    public var content: JSON

    /// The file's content without its secrets.
    public var redacted: JSON { ConfigRedaction.redacted(content) }
}
