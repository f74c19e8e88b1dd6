public import Kube

/// A scrape configuration, and how the shards of an agent share its targets.
public struct ScrapeJob: Sendable, Hashable {
    /// The way in which targets are distributed over shards.
    public enum Sharding: String, Sendable {
        /// Every shard scrapes all targets.
        case none
        /// By the hash of the address of the target.
        case byAddress
        /// By the hash of what the prober probes.
        case byProbeTarget
    }

    /// The scrape configuration of Prometheus, without the rules that select the targets of a shard.
    public var config: JSON
    /// The way in which targets are distributed over shards.
    public var sharding: Sharding
    /// The fields of the monitor that are omitted since the version of Prometheus does not know them, with the reasons.
    public var leftOut: [FieldError]

    init(config: JSON, sharding: Sharding, leftOut: [FieldError] = []) {
        self.config = config
        self.sharding = sharding
        self.leftOut = leftOut
    }

    /// Creates a job whose author controls the relabelling rules: a scrape configuration of Prometheus or a ScrapeConfig.
    ///
    /// Its targets are distributed by address, unless one of its rules computes a hash, as in prometheus-operator.
    public init(scrapeConfig config: JSON, leftOut: [FieldError] = []) {
        let rules = config["relabel_configs"]?.array ?? []
        let hashes = rules.contains { $0["action"]?.string?.lowercased() == "hashmod" }
        self.init(config: config, sharding: hashes ? .none : .byAddress, leftOut: leftOut)
    }

    /// The name of the job, such as `serviceMonitor/shop/api/0`.
    public var name: String { config["job_name"]?.plainText ?? "" }
}
