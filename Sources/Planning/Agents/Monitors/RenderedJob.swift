import Kube
import PlanningInput
import PrometheusConfig
import YAML

/// A scrape configuration as each shard's file has it. Two are the same only if they are one.
final class RenderedJob: Sendable {
    let name: String
    /// The text for each shard: an element of the list under `scrape_configs`.
    let texts: [String]
    let discovery: Discovery
    /// Decides in which part of a large configuration the job is.
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

    /// Bytes that a job may have at most: it has to fit into a Secret.
    static let mostBytes = ConfigLayout.mostBytes
}

extension ScrapeJob.Sharding {
    /// The label by whose hash targets are spread; nil where each shard scrapes all.
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
    /// The namespaces that are named.
    var namespaces: Set<String> = []
    /// Whether the agent's own namespace is meant, whichever that is.
    var ownNamespace = false
    /// Whether all namespaces are looked into.
    var allNamespaces = false
    /// Whether nodes are read.
    var nodes = false

    var isEmpty: Bool { self == Discovery() }

    init() {}

    /// What a scrape configuration reads.
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
