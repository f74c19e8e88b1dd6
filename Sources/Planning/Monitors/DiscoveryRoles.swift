import Kube
import PlanningInput
import TributaryAPI

/// The permissions that an agent needs to discover its targets: a Role and a RoleBinding in each namespace that it
/// reads.
///
/// An agent that reads no namespace through the API gets none. For all namespaces, and for nodes, it is bound to a
/// ClusterRole that is installed with the operator. The operator itself creates no ClusterRoles.
struct DiscoveryRoles {
    var owner: Owner
    /// The name of the workload, which the objects have as well.
    var name: String
    /// The program of the pods.
    var program: String
    var serviceAccountName: String
    /// What the agent's jobs read.
    var discovery: JobDiscovery
    /// The namespaces in which the operator creates objects.
    var watched: WatchedNamespaces

    /// The installed ClusterRole for discovery in all namespaces.
    static let allNamespacesRole = "tributary-agent-discovery"
    /// The installed ClusterRole for reading nodes.
    static let nodesRole = "tributary-agent-nodes"

    /// What Prometheus reads for the namespaced roles of Kubernetes discovery.
    private static let rules: JSON = [
        [
            "apiGroups": [""], "resources": ["pods", "services", "endpoints"],
            "verbs": ["get", "list", "watch"],
        ],
        ["apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": ["get", "list", "watch"]],
        ["apiGroups": ["networking.k8s.io"], "resources": ["ingresses"], "verbs": ["get", "list", "watch"]],
    ]

    /// The namespaces that get Roles, sorted.
    private var namespaces: [String] {
        let isBound = discovery.allNamespaces && watched.isAll
        guard !isBound else { return [] }
        let isOwn = discovery.ownNamespace || discovery.allNamespaces
        let everywhere = discovery.allNamespaces ? watched.names : []
        return discovery.namespaces.union(isOwn ? [owner.namespace] : []).union(everywhere).filter(watched.contains)
            .sorted()
    }

    /// The ClusterRoles to which the agent is bound.
    private var clusterRoles: [String] {
        guard watched.isAll else { return [] }
        return (discovery.allNamespaces ? [Self.allNamespacesRole] : []) + (discovery.nodes ? [Self.nodesRole] : [])
    }

    /// The permissions that jobs need and that an operator installed for some namespaces cannot grant; nil if there are
    /// none.
    var problem: String? {
        guard !watched.isAll else { return nil }
        let others = discovery.namespaces.filter { !watched.contains($0) }.sorted()
        let what =
            others.map { "namespace \($0)" }
            + [discovery.allNamespaces ? "all namespaces" : nil, discovery.nodes ? "nodes" : nil].compactMap(\.self)
        guard !what.isEmpty else { return nil }
        let read = what.joined(separator: " and ")
        return "its jobs read \(read), which the operator cannot allow since it is installed "
            + "for \(watched): bind ServiceAccount \(owner.namespace)/\(serviceAccountName) to a ClusterRole "
            + "that may read them"
    }

    var objects: [Object] {
        clusterRoles.map(binding)
            + namespaces.flatMap { namespace -> [Object] in
                // An object of the same name in another namespace may serve another agent. Names of namespaces and
                // agents have no dots, so these names are unique.
                let unique = namespace == owner.namespace ? name : "\(owner.namespace).\(name)"
                return [
                    object(.roles, namespace, unique, ["rules": Self.rules]),
                    object(
                        .roleBindings, namespace, unique,
                        [
                            "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": JSON(unique)],
                            "subjects": subjects,
                        ]),
                ]
            }
    }

    private var subjects: JSON {
        [["kind": "ServiceAccount", "name": JSON(serviceAccountName), "namespace": JSON(owner.namespace)]]
    }

    private func binding(_ clusterRole: String) -> Object {
        let suffix = clusterRole.split(separator: "-").last ?? ""
        let name = "\(owner.namespace).\(self.name)-\(suffix)"
        return object(
            .clusterRoleBindings, "", name,
            [
                "roleRef": [
                    "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": JSON(clusterRole),
                ],
                "subjects": subjects,
            ])
    }

    /// An object with an owner reference in the owner's namespace, and with labels that name the owner elsewhere, where
    /// owner references do not work.
    private func object(_ resource: Resource, _ namespace: String, _ name: String, _ content: JSON) -> Object {
        let labels = owner.labels("discovery", program: program)
        guard namespace != owner.namespace else { return owner.object(resource, name, labels: labels, content) }
        return Object(
            resource, namespace: namespace, name: name,
            labels: labels.merging(ownerLabels) { own, _ in own }, content)
    }

    private var ownerLabels: [String: String] {
        owner.resource == GlobalView.resource
            ? [Names.viewLabel: owner.metadata.name, Names.viewNamespaceLabel: owner.namespace]
            : [Names.agentLabel: owner.metadata.name, Names.agentNamespaceLabel: owner.namespace]
    }
}
