import Kube

/// The least that an agent needs to discover its targets: a Role and a RoleBinding in each namespace it looks into.
///
/// An agent that looks into no namespace through the API gets none.
struct DiscoveryRoles {
    var owner: Owner
    var serviceAccountName: String
    /// The namespaces that scrape configurations name.
    var namespaces: [String]

    /// What Prometheus reads for each role of Kubernetes discovery that is not cluster-scoped.
    private static let rules: JSON = [
        [
            "apiGroups": [""], "resources": ["pods", "services", "endpoints"],
            "verbs": ["get", "list", "watch"],
        ],
        ["apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": ["get", "list", "watch"]],
        ["apiGroups": ["networking.k8s.io"], "resources": ["ingresses"], "verbs": ["get", "list", "watch"]],
    ]

    /// The namespaces that jobs look into through the API, sorted; a job that names none looks into the agent's own.
    static func namespaces(of jobs: [JSON], own: String) -> [String] {
        let discoveries = jobs.flatMap { $0["kubernetes_sd_configs"]?.array ?? [] }
        let named = discoveries.flatMap { discovery -> [String] in
            let names = (discovery["namespaces", "names"]?.array ?? []).compactMap(\.string)
            return names.isEmpty || discovery["namespaces", "own_namespace"]?.bool == true ? names + [own] : names
        }
        return Set(named).sorted()
    }

    var objects: [Object] {
        namespaces.flatMap { namespace -> [Object] in
            let name = AgentWorkload.name(of: owner.metadata.name)
            // Another namespace's object of the same name may serve another agent. Neither a namespace nor an agent's
            // name has a point in it, so that no two agents want the same.
            let unique = namespace == owner.namespace ? name : "\(owner.namespace).\(name)"
            return [
                object(.roles, namespace, unique, ["rules": Self.rules]),
                object(
                    .roleBindings, namespace, unique,
                    [
                        "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": JSON(unique)],
                        "subjects": [
                            [
                                "kind": "ServiceAccount", "name": JSON(serviceAccountName),
                                "namespace": JSON(owner.namespace),
                            ]
                        ],
                    ]),
            ]
        }
    }

    /// Owner references hold within a namespace only; elsewhere a label says for whom an object is.
    private func object(_ resource: Resource, _ namespace: String, _ name: String, _ content: JSON) -> Object {
        let labels = owner.labels("discovery", name: "prometheus-agent")
        guard namespace != owner.namespace else { return owner.object(resource, name, labels: labels, content) }
        return Object(
            resource, namespace: namespace, name: name,
            labels: labels.merging([
                Names.agentLabel: owner.metadata.name, Names.agentNamespaceLabel: owner.namespace,
            ]) { own, _ in own }, content)
    }
}
