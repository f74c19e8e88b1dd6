import Kube
import PlanningInput
import PrometheusConfig
import YAML

/// A scrape configuration as text, for each shard. It is compared by identity.
final class RenderedJob: Sendable {
    let name: String
    /// The text for each shard: an element of the list under `scrape_configs`.
    let texts: [String]
    let discovery: JobDiscovery
    /// The hash that determines the job's part in a large configuration.
    let place: UInt64

    init(_ job: ScrapeJob, shards: Int) {
        name = job.name
        discovery = JobDiscovery(of: job.config)
        place = fnv1a(job.name)
        if shards > 1, let source = job.sharding.source {
            texts = (0..<shards).map { shard in
                YAML.write(.array([ShardRules(shard: shard, of: shards, by: source).adding(to: job.config)]))
            }
        } else {
            texts = Array(repeating: YAML.write(.array([job.config])), count: shards)
        }
    }

    /// The text for a shard.
    func text(_ shard: Int) -> String { texts[shard] }

    /// The most bytes of a job: it has to fit into a Secret.
    static let mostBytes = ConfigLayout.mostBytes
}

extension ScrapeJob.Sharding {
    /// The label by whose hash targets are distributed to shards; nil if every shard scrapes all of them.
    var source: String? {
        switch self {
        case .none: nil
        case .byAddress: "__address__"
        case .byProbeTarget: "__param_target"
        }
    }
}
