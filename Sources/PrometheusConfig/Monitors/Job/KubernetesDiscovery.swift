import Kube

/// The entry of `kubernetes_sd_configs` in the job of a monitor.
struct KubernetesDiscovery {
    /// The role: `endpoints`, `endpointslice`, `pod` or `ingress`.
    var role: String
    /// The namespace selector of the monitor.
    var namespaceSelector: Fields?
    /// The namespace of the monitor.
    var namespace: String
    /// The `attachMetadata` of the monitor or its class, and the first version that supports it for the role.
    var attachMetadata: (fields: Fields, since: PrometheusVersion)?
    /// The label selector for the API server and its roles; nil if relabelling rules select the targets.
    var selector: (query: String, roles: [String])?

    /// The field selector for the pods of a node; `$(NODE_NAME)` is replaced when a pod loads the file.
    static let nodeField = "spec.nodeName=$(NODE_NAME)"

    /// Writes `kubernetes_sd_configs`.
    func write(
        to job: inout ConfigWriter, _ settings: MonitorSettings, _ credentials: inout CredentialResolver
    ) throws(FieldError) {
        var part = ConfigWriter(job.version)
        part.set("role", JSON(role))
        let names = try namespaces(settings)
        if !names.isEmpty { part.set("namespaces", ["names": JSON(names)]) }
        try writeAPIServer(to: &part, settings, &credentials)
        if let (fields, since) = attachMetadata {
            let node = try fields.bool("node") ?? false
            part.set("attach_metadata", ["node": .bool(node)], since: since, at: fields.path)
        }
        part.set("selectors", selectors(settings))
        job.set("kubernetes_sd_configs", [part.json])
        job.leaveOut(part.leftOut)
    }

    private func namespaces(_ settings: MonitorSettings) throws(FieldError) -> [String] {
        let any = try namespaceSelector?.bool("any") ?? false
        let names = try namespaceSelector?.strings("matchNames") ?? []
        if settings.ignoreNamespaceSelectors { return [namespace] }
        if any { return [] }
        return names.isEmpty ? [namespace] : names
    }

    /// One selector for each role, as Prometheus accepts no second one. An agent on every node selects the pods of its
    /// node.
    private func selectors(_ settings: MonitorSettings) -> JSON? {
        guard let (query, roles) = selector else {
            guard settings.isNodeLocal else { return nil }
            return [["role": "pod", "field": JSON(Self.nodeField)]]
        }
        return .array(
            roles.map { role in
                settings.isNodeLocal && role == "pod"
                    ? ["role": "pod", "field": JSON(Self.nodeField), "label": JSON(query)]
                    : ["role": JSON(role), "label": JSON(query)]
            })
    }

    private func writeAPIServer(
        to part: inout ConfigWriter, _ settings: MonitorSettings, _ credentials: inout CredentialResolver
    ) throws(FieldError) {
        guard let json = settings.apiServer else { return }
        do throws(FieldError) {
            let server = try Fields(json, at: FieldPath())
            part.set("api_server", JSON(try server.requiredText("host")))
            let namespace = settings.agentNamespace
            try part.setBasicAuth(server, in: namespace, &credentials)
            if let token = try server.text("bearerToken") { part.set("bearer_token", JSON(token)) }
            if let file = try server.text("bearerTokenFile") { part.set("bearer_token_file", JSON(file)) }
            try part.setAuthorization(
                try server.object("authorization"), in: namespace, allowsFiles: true, &credentials)
            try part.setTLS(try server.object("tlsConfig"), in: namespace, allowsFiles: true, &credentials)
            try part.setProxy(server, in: namespace, &credentials)
        } catch {
            throw FieldError(FieldPath("spec"), "the agent's apiserverConfig: \(error)")
        }
    }
}
