import Kube

/// Makes the jobs of a PodMonitor, one for each endpoint.
struct PodMonitorJobs {
    let object: Object
    let settings: MonitorSettings
    private let spec: Fields
    private let namespace: String
    private let scrapeClass: AppliedScrapeClass
    private let selector: SelectorRules
    private let usesRole: Bool

    init(_ object: Object, _ settings: MonitorSettings) throws(FieldError) {
        self.object = object
        self.settings = settings
        namespace = object.namespace ?? ""
        spec = try Fields(object.json["spec"] ?? [:], at: FieldPath("spec"))
        scrapeClass = try AppliedScrapeClass(of: spec, settings)
        selector = try SelectorRules(try spec.objectOrEmpty("selector"))
        usesRole = try spec.word("selectorMechanism", among: ["RelabelConfig", "RoleSelector"]) == "RoleSelector"
    }

    func jobs(_ credentials: inout Credentials) throws(FieldError) -> [ScrapeJob] {
        var jobs: [ScrapeJob] = []
        for (index, endpoint) in try spec.objects("podMetricsEndpoints").enumerated() {
            jobs.append(try job(endpoint, index, &credentials))
        }
        return jobs
    }

    private func job(
        _ endpoint: Fields, _ index: Int, _ credentials: inout Credentials
    ) throws(FieldError) -> ScrapeJob {
        try JobWriter.checkAuthentication(endpoint)
        var job = JobWriter(settings.version)
        job.set("job_name", JSON("podMonitor/\(namespace)/\(object.name)/\(index)"))
        job.setHonorLabels(try endpoint.bool("honorLabels") ?? false, settings)
        job.setHonorTimestamps(try endpoint.bool("honorTimestamps"), settings)
        try job.setFlag(endpoint, "trackTimestampsStaleness", "track_timestamps_staleness", since: .init(2, 48))
        var discovery = KubernetesDiscovery(
            role: "pod", namespaceSelector: try spec.object("namespaceSelector"), namespace: namespace)
        let metadata = try scrapeClass.attachMetadata(spec)
        discovery.attachMetadata = metadata.map { ($0, .init(2, 35)) }
        discovery.selector = usesRole ? (selector.query, ["pod"]) : nil
        try discovery.write(to: &job, settings, &credentials)
        try job.setIntervals(endpoint, settings)
        job.set("metrics_path", try endpoint.text("path").map { JSON($0) })
        try job.setParams(endpoint)
        try job.setScheme(endpoint)
        try job.setFlag(endpoint, "followRedirects", "follow_redirects", since: .init(2, 26))
        try job.setFlag(endpoint, "enableHttp2", "enable_http2", since: .init(2, 35))
        try job.setTLS(try endpoint.object("tlsConfig"), in: namespace, scrapeClass, &credentials)
        try job.setBearerToken(endpoint, in: namespace, &credentials)
        try job.setBasicAuth(endpoint, in: namespace, &credentials)
        try job.setOAuth2(endpoint, in: namespace, &credentials)
        try job.setProxy(endpoint, in: namespace, &credentials)
        try job.setOwnAuthorization(endpoint, in: namespace, scrapeClass, &credentials)
        job.set("relabel_configs", .array(try relabelings(endpoint)))
        try job.setLimits(spec, settings)
        try job.setNativeHistograms(spec)
        try job.setScrapeProtocols(spec)
        try job.setFallbackScrapeProtocol(spec, scrapeClass.fields)
        try job.setBodySizeLimit(spec, settings)
        try job.setMetricRelabelings(endpoint, "metricRelabelings", of: object, scrapeClass, settings)
        let sharding: ScrapeJob.Sharding = settings.isNodeLocal ? .none : .byAddress
        return ScrapeJob(config: job.json, sharding: sharding, leftOut: job.leftOut)
    }

    private func relabelings(_ endpoint: Fields) throws(FieldError) -> [JSON] {
        var rules = [Relabelings.jobName]
        if try endpoint.bool("filterRunning") ?? true { rules.append(Relabelings.isRunning) }
        if !usesRole { rules += selector.rules("pod") }
        let port = try endpoint.text("port")
        let number = try endpoint.count("portNumber") ?? 0
        let targetPort = try TargetPort(endpoint)
        if let port {
            let label = "__meta_kubernetes_pod_container_port_name"
            rules.append(try Relabelings.port(port, label, at: endpoint.at("port")))
        } else if number != 0 {
            rules.append(Relabelings.filter("keep", ["__meta_kubernetes_pod_container_port_number"], "\(number)"))
        } else if let rule = try targetPort?.rule {
            rules.append(rule)
        }
        rules += [
            Relabelings.copy("__meta_kubernetes_namespace", to: "namespace"),
            Relabelings.copy("__meta_kubernetes_pod_container_name", to: "container"),
            Relabelings.copy("__meta_kubernetes_pod_name", to: "pod"),
        ]
        rules += try Relabelings.copies(spec, "podTargetLabels", of: "pod", settings)
        rules += Relabelings.copies(settings.podTargetLabels, of: "pod")
        rules.append(Relabelings.set("job", to: "\(namespace)/\(object.name)"))
        rules += try Relabelings.jobLabel(spec, of: "pod")
        if let endpoint = port ?? targetPort?.text { rules.append(Relabelings.set("endpoint", to: endpoint)) }
        rules += scrapeClass.relabelings
        rules += try Relabelings.read(endpoint, "relabelings", for: settings.version)
        return rules + Relabelings.enforcedNamespace(of: object, settings)
    }
}
