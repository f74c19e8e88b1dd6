import Kube
import PlanningInput
import PrometheusConfig
import YAML

/// A scrape configuration as text, for each shard. It is compared by identity.
final class RenderedJob: Sendable {
    let name: String
    /// The text for each shard: an element of the list under `scrape_configs`.
    let texts: [String]
    let discovery: Discovery
    /// The hash that determines the job's part in a large configuration.
    let place: UInt64

    init(_ job: ScrapeJob, shards: Int) {
        name = job.name
        discovery = Discovery(of: job.config)
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

/// What a job reads through the API server of the agent's cluster.
struct Discovery: Sendable, Hashable {
    /// The namespaces named in jobs.
    var namespaces: Set<String> = []
    /// Whether the agent's own namespace is read.
    var ownNamespace = false
    /// Whether all namespaces are read.
    var allNamespaces = false
    /// Whether nodes are read.
    var nodes = false

    var isEmpty: Bool { self == Discovery() }

    init() {}

    /// What a scrape configuration reads through the API server.
    init(of job: JSON) {
        for discovery in job["kubernetes_sd_configs"]?.array ?? [] where discovery["api_server"]?.string == nil {
            if discovery["attach_metadata", "node"]?.bool == true { nodes = true }
            if discovery["role"]?.string?.lowercased() == "node" {
                nodes = true
                continue
            }
            let names = (discovery["namespaces", "names"]?.array ?? []).compactMap(\.string)
            let isOwn = discovery["namespaces", "own_namespace"]?.bool == true
            namespaces.formUnion(names)
            if isOwn { ownNamespace = true }
            if names.isEmpty && !isOwn { allNamespaces = true }
        }
    }

    mutating func add(_ other: Discovery) {
        namespaces.formUnion(other.namespaces)
        ownNamespace = ownNamespace || other.ownNamespace
        allNamespaces = allNamespaces || other.allNamespaces
        nodes = nodes || other.nodes
    }
}
