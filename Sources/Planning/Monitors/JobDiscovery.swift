import Kube

/// What a job reads through the API server of the agent's cluster.
struct JobDiscovery: Sendable, Hashable {
    /// The namespaces named in jobs.
    var namespaces: Set<String> = []
    /// Whether the agent's own namespace is read.
    var ownNamespace = false
    /// Whether all namespaces are read.
    var allNamespaces = false
    /// Whether nodes are read.
    var nodes = false

    var isEmpty: Bool { self == JobDiscovery() }

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

    mutating func add(_ other: JobDiscovery) {
        namespaces.formUnion(other.namespaces)
        ownNamespace = ownNamespace || other.ownNamespace
        allNamespaces = allNamespaces || other.allNamespaces
        nodes = nodes || other.nodes
    }
}
