import Crypto

/// The names and labels of an agent's objects.
package enum AgentNames {
    package static let component = "agent"
    package static let program = "prometheus-agent"
    /// The component of an agent's copies of write credentials.
    package static let writeCredential = "write-credential"
    /// The label of pods with the number of their shard.
    package static let shardLabel = "tributary.dev/shard"

    /// The name of the objects that an agent has once.
    package static func name(of agent: String) -> String { "\(agent)-agent" }

    /// The name of one shard's objects. The first shard has the plain name, so that adding a shard renames nothing.
    package static func name(of agent: String, shard: Int) -> String {
        shard == 0 ? name(of: agent) : "\(name(of: agent))-shard-\(shard)"
    }

    /// The name of an agent's copy of a tenant's write credential. Tenants of one name may be in several namespaces.
    package static func credential(ofTenant tenant: String, in namespace: String, for agent: String) -> String {
        let suffix = "-\(SHA256.hexadecimal("\(namespace)/\(tenant)").prefix(8))"
        return String("\(agent)-write-as-\(tenant)".prefix(253 - suffix.utf8.count)) + suffix
    }
}

/// The recommended labels of Kubernetes.
package enum RecommendedLabels {
    /// The labels that tell the pods of one component of a custom resource from all others.
    package static func selector(_ component: String, program: String, of instance: String) -> [String: String] {
        [
            "app.kubernetes.io/name": program,
            "app.kubernetes.io/instance": instance,
            "app.kubernetes.io/component": component,
        ]
    }
}
