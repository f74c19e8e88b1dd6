import Kube

/// Makes the jobs of a ServiceMonitor, one for each endpoint.
struct ServiceMonitorJobs {
    let object: Object
    let settings: MonitorSettings
    private let spec: Fields
    private let namespace: String
    private let scrapeClass: AppliedScrapeClass
    private let selector: SelectorRules
    private let usesRole: Bool
    private let role: String

    init(_ object: Object, _ settings: MonitorSettings) throws(FieldError) {
        self.object = object
        self.settings = settings
        namespace = object.namespace ?? ""
        spec = try Fields(object.json["spec"] ?? [:], at: FieldPath("spec"))
        scrapeClass = try AppliedScrapeClass(of: spec, settings)
        selector = try SelectorRules(try spec.objectOrEmpty("selector"))
        usesRole = try spec.word("selectorMechanism", among: ["RelabelConfig", "RoleSelector"]) == "RoleSelector"
        let own = try spec.word("serviceDiscoveryRole", among: ["Endpoints", "EndpointSlice"])
        let usesSlices = own.map { $0 == "EndpointSlice" } ?? settings.prefersEndpointSlices
        role = usesSlices ? "endpointslice" : "endpoints"
    }

    func jobs(_ credentials: inout Credentials) throws(FieldError) -> [ScrapeJob] {
        var jobs: [ScrapeJob] = []
        for (index, endpoint) in try spec.objects("endpoints").enumerated() {
            jobs.append(try job(endpoint, index, &credentials))
        }
        return jobs
    }

    private func job(
        _ endpoint: Fields, _ index: Int, _ credentials: inout Credentials
    ) throws(FieldError) -> ScrapeJob {
        try checkFiles(endpoint)
        try JobWriter.checkAuthentication(endpoint)
        var job = JobWriter(settings.version)
        job.set("job_name", JSON("serviceMonitor/\(namespace)/\(object.name)/\(index)"))
        job.setHonorLabels(try endpoint.bool("honorLabels") ?? false, settings)
        job.setHonorTimestamps(try endpoint.bool("honorTimestamps"), settings)
        try job.setFlag(endpoint, "trackTimestampsStaleness", "track_timestamps_staleness", since: .init(2, 48))
        var discovery = KubernetesDiscovery(
            role: role, namespaceSelector: try spec.object("namespaceSelector"), namespace: namespace)
        let metadata = try scrapeClass.attachMetadata(spec)
        discovery.attachMetadata = metadata.map { ($0, .init(2, 37)) }
        discovery.selector = usesRole ? (selector.query, [role, "service"]) : nil
        try discovery.write(to: &job, settings, &credentials)
        try job.setIntervals(endpoint, settings)
        job.set("metrics_path", try endpoint.text("path").map { JSON($0) })
        try job.setParams(endpoint)
        try job.setScheme(endpoint)
        try writeClient(endpoint, to: &job, &credentials)
        job.set("relabel_configs", .array(try relabelings(endpoint)))
        try job.setLimits(spec, settings)
        try job.setNativeHistograms(spec)
        try job.setScrapeProtocols(spec)
        try job.setFallbackScrapeProtocol(spec, scrapeClass.fields)
        try job.setBodySizeLimit(spec, settings)
        try job.setMetricRelabelings(endpoint, "metricRelabelings", of: object, scrapeClass, settings)
        return ScrapeJob(config: job.json, sharding: .byAddress, leftOut: job.leftOut)
    }

    /// Where the agent denies it, a monitor cannot make Prometheus read a file of its own pod and send it elsewhere.
    private func checkFiles(_ endpoint: Fields) throws(FieldError) {
        guard settings.deniesFileSystemAccess else { return }
        let denied = "names a file of Prometheus's pod, which the agent denies"
        if try endpoint.text("bearerTokenFile") != nil { throw FieldError(endpoint.at("bearerTokenFile"), denied) }
        guard let tls = try endpoint.object("tlsConfig") else { return }
        for key in ["caFile", "certFile", "keyFile"] where try tls.text(key) != nil {
            throw FieldError(tls.at(key), denied)
        }
    }

    private func writeClient(
        _ endpoint: Fields, to job: inout JobWriter, _ credentials: inout Credentials
    ) throws(FieldError) {
        try job.setFlag(endpoint, "followRedirects", "follow_redirects", since: .init(2, 26))
        try job.setFlag(endpoint, "enableHttp2", "enable_http2", since: .init(2, 35))
        try job.setProxy(endpoint, in: namespace, &credentials)
        try job.setOAuth2(endpoint, in: namespace, &credentials)
        try job.setTLS(
            try endpoint.object("tlsConfig"), in: namespace, allowsFiles: true, scrapeClass, &credentials)
        job.set("bearer_token_file", try endpoint.text("bearerTokenFile").map { JSON($0) })
        try job.setBearerToken(endpoint, in: namespace, &credentials)
        try job.setBasicAuth(endpoint, in: namespace, &credentials)
        try job.setOwnAuthorization(endpoint, in: namespace, scrapeClass, &credentials)
    }

    private func relabelings(_ endpoint: Fields) throws(FieldError) -> [JSON] {
        var rules = [Relabelings.jobName]
        if !usesRole { rules += selector.rules("service") }
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
        rules += try Relabelings.copies(spec, "targetLabels", of: "service", settings)
        rules += try Relabelings.copies(spec, "podTargetLabels", of: "pod", settings)
        rules += Relabelings.copies(settings.podTargetLabels, of: "pod")
        rules.append([
            "source_labels": ["__meta_kubernetes_service_name"], "target_label": "job", "replacement": "${1}",
        ])
        rules += try Relabelings.jobLabel(spec, of: "service")
        if let endpoint = port ?? targetPort?.text { rules.append(Relabelings.set("endpoint", to: endpoint)) }
        rules += scrapeClass.relabelings
        rules += try Relabelings.read(endpoint, "relabelings", for: settings.version)
        return rules + Relabelings.enforcedNamespace(of: object, settings)
    }
}
