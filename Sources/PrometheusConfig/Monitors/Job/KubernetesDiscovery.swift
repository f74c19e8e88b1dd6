import Kube

/// One entry of `kubernetes_sd_configs`, as monitors have it.
struct KubernetesDiscovery {
    /// What is looked for: `endpoints`, `endpointslice`, `pod`, `ingress`.
    var role: String
    /// The monitor's namespace selector.
    var namespaceSelector: Fields?
    /// The monitor's namespace.
    var namespace: String
    /// The monitor's `attachMetadata`, else its class's, and the version that can.
    var attachMetadata: (fields: Fields, since: PrometheusVersion)?
    /// What the API server is asked for, and of which roles; nil where relabelling rules select.
    var selector: (query: String, roles: [String])?

    /// The entry as `kubernetes_sd_configs` of a job.
    func write(
        to job: inout JobWriter, _ settings: MonitorSettings, _ credentials: inout Credentials
    ) throws(FieldError) {
        var part = JobWriter(job.version)
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

    /// What the API server is asked for; a node's agent asks for the pods of its node, and there is one selector for
    /// each role, since Prometheus takes no second.
    private func selectors(_ settings: MonitorSettings) -> JSON? {
        guard let (query, roles) = selector else {
            guard settings.isNodeLocal else { return nil }
            return [["role": "pod", "field": JSON(Monitors.nodeField)]]
        }
        return .array(
            roles.map { role in
                settings.isNodeLocal && role == "pod"
                    ? ["role": "pod", "field": JSON(Monitors.nodeField), "label": JSON(query)]
                    : ["role": JSON(role), "label": JSON(query)]
            })
    }

    private func writeAPIServer(
        to part: inout JobWriter, _ settings: MonitorSettings, _ credentials: inout Credentials
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
