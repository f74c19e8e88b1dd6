extension Resource {
    /// The built-in resources that this package uses.
    public static let builtIn: [Resource] = [
        .namespaces, .configMaps, .secrets, .services, .serviceAccounts, .pods, .nodes, .deployments, .statefulSets,
        .daemonSets, .roles, .roleBindings, .clusterRoles, .clusterRoleBindings, .ingresses, .networkPolicies,
        .podDisruptionBudgets, .endpointSlices, .leases, .events, .customResourceDefinitions,
    ]
}

extension Resource {
    /// The `core/v1` Namespace.
    public static let namespaces = Resource(
        group: "", version: "v1", kind: "Namespace", plural: "namespaces", isNamespaced: false)
    /// The `core/v1` ConfigMap.
    public static let configMaps = Resource(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps")
    /// The `core/v1` Secret.
    public static let secrets = Resource(group: "", version: "v1", kind: "Secret", plural: "secrets")
    /// The `core/v1` Service.
    public static let services = Resource(group: "", version: "v1", kind: "Service", plural: "services")
    /// The `core/v1` ServiceAccount.
    public static let serviceAccounts = Resource(
        group: "", version: "v1", kind: "ServiceAccount", plural: "serviceaccounts")
    /// The `core/v1` Pod.
    public static let pods = Resource(group: "", version: "v1", kind: "Pod", plural: "pods")
    /// The `core/v1` Node.
    public static let nodes = Resource(group: "", version: "v1", kind: "Node", plural: "nodes", isNamespaced: false)
    /// The `apps/v1` Deployment.
    public static let deployments = Resource(group: "apps", version: "v1", kind: "Deployment", plural: "deployments")
    /// The `apps/v1` StatefulSet.
    public static let statefulSets = Resource(group: "apps", version: "v1", kind: "StatefulSet", plural: "statefulsets")
    /// The `apps/v1` DaemonSet.
    public static let daemonSets = Resource(group: "apps", version: "v1", kind: "DaemonSet", plural: "daemonsets")
    /// The `rbac.authorization.k8s.io/v1` Role.
    public static let roles = Resource(
        group: "rbac.authorization.k8s.io", version: "v1", kind: "Role", plural: "roles")
    /// The `rbac.authorization.k8s.io/v1` RoleBinding.
    public static let roleBindings = Resource(
        group: "rbac.authorization.k8s.io", version: "v1", kind: "RoleBinding", plural: "rolebindings")
    /// The `rbac.authorization.k8s.io/v1` ClusterRole.
    public static let clusterRoles = Resource(
        group: "rbac.authorization.k8s.io", version: "v1", kind: "ClusterRole", plural: "clusterroles",
        isNamespaced: false)
    /// The `rbac.authorization.k8s.io/v1` ClusterRoleBinding.
    public static let clusterRoleBindings = Resource(
        group: "rbac.authorization.k8s.io", version: "v1", kind: "ClusterRoleBinding", plural: "clusterrolebindings",
        isNamespaced: false)
    /// The `networking.k8s.io/v1` Ingress.
    public static let ingresses = Resource(
        group: "networking.k8s.io", version: "v1", kind: "Ingress", plural: "ingresses")
    /// The `networking.k8s.io/v1` NetworkPolicy.
    public static let networkPolicies = Resource(
        group: "networking.k8s.io", version: "v1", kind: "NetworkPolicy", plural: "networkpolicies")
    /// The `gateway.networking.k8s.io/v1` HTTPRoute of the Gateway API, which not every cluster serves.
    public static let httpRoutes = Resource(
        group: "gateway.networking.k8s.io", version: "v1", kind: "HTTPRoute", plural: "httproutes")
    /// The `grafana.integreatly.org/v1beta1` GrafanaDatasource of grafana-operator, which not every cluster serves.
    public static let grafanaDatasources = Resource(
        group: "grafana.integreatly.org", version: "v1beta1", kind: "GrafanaDatasource", plural: "grafanadatasources")
    /// The `cert-manager.io/v1` Certificate of cert-manager, which not every cluster serves.
    public static let certificates = Resource(
        group: "cert-manager.io", version: "v1", kind: "Certificate", plural: "certificates")
    /// The `policy/v1` PodDisruptionBudget.
    public static let podDisruptionBudgets = Resource(
        group: "policy", version: "v1", kind: "PodDisruptionBudget", plural: "poddisruptionbudgets")
    /// The `discovery.k8s.io/v1` EndpointSlice.
    public static let endpointSlices = Resource(
        group: "discovery.k8s.io", version: "v1", kind: "EndpointSlice", plural: "endpointslices")
    /// The `coordination.k8s.io/v1` Lease.
    public static let leases = Resource(group: "coordination.k8s.io", version: "v1", kind: "Lease", plural: "leases")
    /// The `events.k8s.io/v1` Event.
    public static let events = Resource(group: "events.k8s.io", version: "v1", kind: "Event", plural: "events")
    /// The `apiextensions.k8s.io/v1` CustomResourceDefinition.
    public static let customResourceDefinitions = Resource(
        group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition",
        plural: "customresourcedefinitions", isNamespaced: false)
}
