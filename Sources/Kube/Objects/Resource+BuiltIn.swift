extension Resource {
    /// The built-in resources that this package uses.
    public static let builtIn: [Resource] = [
        .namespaces, .configMaps, .secrets, .services, .serviceAccounts, .pods, .nodes, .deployments, .statefulSets,
        .daemonSets, .roles, .roleBindings, .clusterRoles, .clusterRoleBindings, .ingresses, .networkPolicies,
        .podDisruptionBudgets, .endpointSlices, .leases, .events, .customResourceDefinitions,
    ]
}

extension Resource {
    public static let namespaces = Resource(
        group: "", version: "v1", kind: "Namespace", plural: "namespaces", isNamespaced: false)
    public static let configMaps = Resource(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps")
    public static let secrets = Resource(group: "", version: "v1", kind: "Secret", plural: "secrets")
    public static let services = Resource(group: "", version: "v1", kind: "Service", plural: "services")
    public static let serviceAccounts = Resource(
        group: "", version: "v1", kind: "ServiceAccount", plural: "serviceaccounts")
    public static let pods = Resource(group: "", version: "v1", kind: "Pod", plural: "pods")
    public static let nodes = Resource(group: "", version: "v1", kind: "Node", plural: "nodes", isNamespaced: false)
    public static let deployments = Resource(group: "apps", version: "v1", kind: "Deployment", plural: "deployments")
    public static let statefulSets = Resource(group: "apps", version: "v1", kind: "StatefulSet", plural: "statefulsets")
    public static let daemonSets = Resource(group: "apps", version: "v1", kind: "DaemonSet", plural: "daemonsets")
    public static let roles = Resource(
        group: "rbac.authorization.k8s.io", version: "v1", kind: "Role", plural: "roles")
    public static let roleBindings = Resource(
        group: "rbac.authorization.k8s.io", version: "v1", kind: "RoleBinding", plural: "rolebindings")
    public static let clusterRoles = Resource(
        group: "rbac.authorization.k8s.io", version: "v1", kind: "ClusterRole", plural: "clusterroles",
        isNamespaced: false)
    public static let clusterRoleBindings = Resource(
        group: "rbac.authorization.k8s.io", version: "v1", kind: "ClusterRoleBinding", plural: "clusterrolebindings",
        isNamespaced: false)
    public static let ingresses = Resource(
        group: "networking.k8s.io", version: "v1", kind: "Ingress", plural: "ingresses")
    public static let networkPolicies = Resource(
        group: "networking.k8s.io", version: "v1", kind: "NetworkPolicy", plural: "networkpolicies")
    public static let podDisruptionBudgets = Resource(
        group: "policy", version: "v1", kind: "PodDisruptionBudget", plural: "poddisruptionbudgets")
    public static let endpointSlices = Resource(
        group: "discovery.k8s.io", version: "v1", kind: "EndpointSlice", plural: "endpointslices")
    public static let leases = Resource(group: "coordination.k8s.io", version: "v1", kind: "Lease", plural: "leases")
    public static let events = Resource(group: "events.k8s.io", version: "v1", kind: "Event", plural: "events")
    public static let customResourceDefinitions = Resource(
        group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition",
        plural: "customresourcedefinitions", isNamespaced: false)
}
