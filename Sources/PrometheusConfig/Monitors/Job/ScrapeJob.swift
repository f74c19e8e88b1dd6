public import Kube

/// One scrape configuration, and how the shards of an agent share its targets.
public struct ScrapeJob: Sendable, Hashable {
    /// How targets are spread over shards.
    public enum Sharding: String, Sendable {
        /// Every shard scrapes all of them.
        case none
        /// By the hash of the target's address.
        case byAddress
        /// By the hash of what a prober is asked to probe.
        case byProbeTarget
    }

    /// The scrape configuration as Prometheus has it, without the rules of a shard.
    public var config: JSON
    /// How targets are spread over shards, where there are several.
    public var sharding: Sharding
    /// What the monitor asks for and the version of Prometheus does not know, which is left out.
    public var leftOut: [FieldError]

    /// A job.
    public init(config: JSON, sharding: Sharding, leftOut: [FieldError] = []) {
        self.config = config
        self.sharding = sharding
        self.leftOut = leftOut
    }

    /// A job that its author wrote: a scrape configuration as Prometheus has it, or a ScrapeConfig.
    ///
    /// Its targets are spread by their address, but where a rule of its own makes a hash, as in prometheus-operator.
    public init(scrapeConfig config: JSON, leftOut: [FieldError] = []) {
        let rules = config["relabel_configs"]?.array ?? []
        let hashes = rules.contains { $0["action"]?.string?.lowercased() == "hashmod" }
        self.init(config: config, sharding: hashes ? .none : .byAddress, leftOut: leftOut)
    }

    /// The job's name, such as `serviceMonitor/shop/api/0`.
    public var name: String { config["job_name"]?.string ?? "" }
}
