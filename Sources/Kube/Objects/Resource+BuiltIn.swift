extension Resource {
    /// The built-in kinds that this package knows.
    public static let builtIn: [Resource] = [
        .namespaces, .configMaps, .secrets, .services, .serviceAccounts, .pods, .nodes, .deployments, .statefulSets,
        .daemonSets, .roles, .roleBindings, .clusterRoles, .clusterRoleBindings, .ingresses, .networkPolicies,
        .podDisruptionBudgets, .endpointSlices, .leases, .events, .customResourceDefinitions,
    ]
}
