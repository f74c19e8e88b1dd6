import Kube

/// Makes the jobs of a ServiceMonitor, one for each endpoint.
struct ServiceMonitorJobs: EndpointJobs {
    let basis: MonitorBasis
    let selection: TargetSelection
    private let role: String

    init(_ basis: MonitorBasis) throws(FieldError) {
        self.basis = basis
        selection = try TargetSelection(basis.spec)
        let own = try basis.spec.word("serviceDiscoveryRole", among: ["Endpoints", "EndpointSlice"])
        let usesSlices = own.map { $0 == "EndpointSlice" } ?? basis.settings.prefersEndpointSlices
        role = usesSlices ? "endpointslice" : "endpoints"
    }

    func job(_ endpoint: Fields, _ index: Int, _ credentials: inout CredentialResolver) throws(FieldError) -> ScrapeJob
    {
        try checkFiles(endpoint)
        var job = try begin(
            endpoint, index, roles: [role, "service"], attachesMetadataSince: .init(2, 37), &credentials)
        try writeClient(endpoint, to: &job, &credentials)
        try finish(&job, endpoint, try relabelings(endpoint))
        return ScrapeJob(config: job.json, sharding: .byAddress, leftOut: job.leftOut)
    }

    /// Refuses references to files in the pod, which Prometheus would send to the targets, if the agent denies them.
    private func checkFiles(_ endpoint: Fields) throws(FieldError) {
        guard settings.deniesFileSystemAccess else { return }
        let denied = "refers to a file in the pod of Prometheus, which the agent does not allow"
        if try endpoint.text("bearerTokenFile") != nil { throw FieldError(endpoint.at("bearerTokenFile"), denied) }
        guard let tls = try endpoint.object("tlsConfig") else { return }
        for key in ["caFile", "certFile", "keyFile"] where try tls.text(key) != nil {
            throw FieldError(tls.at(key), denied)
        }
    }

    private func writeClient(
        _ endpoint: Fields, to job: inout ConfigWriter, _ credentials: inout CredentialResolver
    ) throws(FieldError) {
        try job.setFlag(endpoint, "followRedirects", "follow_redirects", since: .init(2, 26))
        try job.setFlag(endpoint, "enableHttp2", "enable_http2", since: .init(2, 35))
        try job.setProxy(endpoint, in: namespace, &credentials)
        try job.setOAuth2(endpoint, in: namespace, &credentials)
        try job.setMonitorTLS(
            try endpoint.object("tlsConfig"), in: namespace, allowsFiles: true, scrapeClass, &credentials)
        job.set("bearer_token_file", try endpoint.text("bearerTokenFile").map { JSON($0) })
        try job.setBearerToken(endpoint, in: namespace, &credentials)
        try job.setBasicAuth(endpoint, in: namespace, &credentials)
        try job.setEndpointAuthorization(endpoint, in: namespace, scrapeClass, &credentials)
    }

    private func relabelings(_ endpoint: Fields) throws(FieldError) -> [JSON] {
        var rules = [Relabelings.jobName] + selection.rules("service")
        let port = try endpoint.text("port")
        let targetPort = try TargetPort(endpoint)
        let prefix = role == "endpointslice" ? "__meta_kubernetes_endpointslice" : "__meta_kubernetes_endpoint"
        if let port {
            rules.append(try Relabelings.port(port, "\(prefix)_port_name", at: endpoint.at("port")))
        } else if let rule = try targetPort?.rule {
            rules.append(rule)
        }
        let target = ["\(prefix)_address_target_kind", "\(prefix)_address_target_name"]
        for (kind, label) in [("Node", "node"), ("Pod", "pod")] {
            rules.append([
                "source_labels": JSON(target), "separator": ";", "regex": JSON("\(kind);(.*)"),
                "replacement": "${1}", "target_label": JSON(label),
            ])
        }
        rules += [
            Relabelings.copy("__meta_kubernetes_namespace", to: "namespace"),
            Relabelings.copy("__meta_kubernetes_service_name", to: "service"),
            Relabelings.copy("__meta_kubernetes_pod_name", to: "pod"),
            Relabelings.copy("__meta_kubernetes_pod_container_name", to: "container"),
        ]
        if try endpoint.bool("filterRunning") ?? true { rules.append(Relabelings.isRunning) }
        rules += try Relabelings.copies(spec, "targetLabels", of: "service", for: settings.version)
        rules += try Relabelings.copies(spec, "podTargetLabels", of: "pod", for: settings.version)
        rules += Relabelings.copies(settings.podTargetLabels, of: "pod")
        rules.append([
            "source_labels": ["__meta_kubernetes_service_name"], "target_label": "job", "replacement": "${1}",
        ])
        return rules + (try lastRules(endpoint, of: "service", port: port ?? targetPort?.text))
    }
}
