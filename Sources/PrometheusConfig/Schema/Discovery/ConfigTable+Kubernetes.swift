extension ConfigTable {
    /// `kubernetes_sd_configs`.
    static let kubernetes = ConfigTable(
        "a kubernetes_sd_config",
        [
            .field("api_server", .url), .field("role", kubernetesRole, .required),
            .field("kubeconfig_file", .string), .field("namespaces", .object(kubernetesNamespaces)),
            .field("selectors", .objects(kubernetesSelector)),
            .field("attach_metadata", .object(kubernetesMetadata), since: .init(2, 35)),
        ] + ConfigField.httpClient,
        rules: ConfigRule.httpClient() + ConfigRule.kubernetes, otherNames: ["kubeconfig": "kubeconfig_file"])

    private static let kubernetesRole = ConfigType.words(
        "endpoints", "endpointslice", "ingress", "node", "pod", "service")
    private static let kubernetesNamespaces = ConfigTable(
        "a namespaces", [.field("names", .strings), .field("own_namespace", .bool, since: .init(2, 33))])
    private static let kubernetesSelector = ConfigTable(
        "a selector",
        [
            .field("role", kubernetesRole, .required), .field("label", .text(.labelSelector)),
            .field("field", .text(.fieldSelector)),
        ])
    private static let kubernetesMetadata = ConfigTable(
        "an attach_metadata",
        [
            .field("node", .bool), .field("namespace", .bool, since: .init(3, 6)),
            .field("deployment", .bool, since: .init(3, 11)), .field("job", .bool, since: .init(3, 11)),
            .field("cronjob", .bool, since: .init(3, 11)),
        ])
}
