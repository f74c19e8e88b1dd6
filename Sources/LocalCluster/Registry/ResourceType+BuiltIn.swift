import Kube

extension Resource {
    static let persistentVolumeClaims = Resource(
        group: "", version: "v1", kind: "PersistentVolumeClaim", plural: "persistentvolumeclaims")
    static let endpoints = Resource(group: "", version: "v1", kind: "Endpoints", plural: "endpoints")
    static let coreEvents = Resource(group: "", version: "v1", kind: "Event", plural: "events")
    static let replicaSets = Resource(group: "apps", version: "v1", kind: "ReplicaSet", plural: "replicasets")
}

extension ResourceType {
    /// The kinds that the server always serves, with the short names and categories of kube-apiserver.
    static let builtIn: [ResourceType] = core + workloads + access + network + others

    private static let core: [ResourceType] = [
        ResourceType(
            .namespaces, shortNames: ["ns"], subresources: [.status], shape: .namespace,
            columns: PrinterColumn.namespaces),
        ResourceType(.configMaps, shortNames: ["cm"], shape: .configMap, columns: PrinterColumn.configMaps),
        ResourceType(.secrets, shape: .secret, columns: PrinterColumn.secrets),
        ResourceType(
            .services, shortNames: ["svc"], categories: ["all"], subresources: [.status], shape: .service,
            columns: PrinterColumn.services),
        ResourceType(.serviceAccounts, shortNames: ["sa"], shape: .serviceAccount),
        ResourceType(
            .pods, shortNames: ["po"], categories: ["all"], subresources: [.status], shape: .pod,
            hasGeneration: true, columns: PrinterColumn.pods),
        ResourceType(.nodes, shortNames: ["no"], subresources: [.status], shape: .node, columns: PrinterColumn.nodes),
        ResourceType(.coreEvents, shortNames: ["ev"], shape: .event, columns: PrinterColumn.events),
        ResourceType(
            .persistentVolumeClaims, shortNames: ["pvc"], subresources: [.status], shape: .persistentVolumeClaim,
            columns: PrinterColumn.persistentVolumeClaims),
        ResourceType(.endpoints, shortNames: ["ep"], shape: .plain, columns: PrinterColumn.endpoints),
    ]

    private static let workloads: [ResourceType] = [
        ResourceType(
            .deployments, shortNames: ["deploy"], categories: ["all"], subresources: [.status, .scale],
            shape: .workload, hasGeneration: true, columns: PrinterColumn.deployments),
        ResourceType(
            .statefulSets, shortNames: ["sts"], categories: ["all"], subresources: [.status, .scale],
            shape: .workload, hasGeneration: true, columns: PrinterColumn.statefulSets),
        ResourceType(
            .daemonSets, shortNames: ["ds"], categories: ["all"], subresources: [.status], shape: .workload,
            hasGeneration: true, columns: PrinterColumn.daemonSets),
        ResourceType(
            .replicaSets, shortNames: ["rs"], categories: ["all"], subresources: [.status, .scale],
            shape: .workload, hasGeneration: true, columns: PrinterColumn.replicaSets),
    ]

    private static let access: [ResourceType] = [
        ResourceType(.roles, shape: .plain, columns: PrinterColumn.roles),
        ResourceType(.roleBindings, shape: .roleBinding, columns: PrinterColumn.roleBindings),
        ResourceType(.clusterRoles, shape: .plain, columns: PrinterColumn.roles),
        ResourceType(.clusterRoleBindings, shape: .roleBinding, columns: PrinterColumn.roleBindings),
    ]

    private static let network: [ResourceType] = [
        ResourceType(
            .ingresses, shortNames: ["ing"], subresources: [.status], shape: .ingress, hasGeneration: true,
            columns: PrinterColumn.ingresses),
        ResourceType(
            .networkPolicies, shortNames: ["netpol"], shape: .networkPolicy, hasGeneration: true,
            columns: PrinterColumn.networkPolicies),
        ResourceType(
            .endpointSlices, shape: .plain, hasGeneration: true, columns: PrinterColumn.endpointSlices),
    ]

    private static let others: [ResourceType] = [
        ResourceType(
            .podDisruptionBudgets, shortNames: ["pdb"], subresources: [.status], shape: .podDisruptionBudget,
            hasGeneration: true, columns: PrinterColumn.podDisruptionBudgets),
        ResourceType(.leases, shape: .plain, columns: PrinterColumn.leases),
        ResourceType(.events, shortNames: ["ev"], shape: .event, columns: PrinterColumn.events),
        ResourceType(
            .customResourceDefinitions, shortNames: ["crd", "crds"], categories: ["api-extensions"],
            subresources: [.status], shape: .customResourceDefinition, hasGeneration: true,
            columns: PrinterColumn.customResourceDefinitions),
    ]
}
