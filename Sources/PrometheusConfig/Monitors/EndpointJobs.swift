import Kube

/// Makes the jobs of a ServiceMonitor or PodMonitor, one for each endpoint.
protocol EndpointJobs: MonitorJobs {
    /// The selection of services or pods.
    var selection: TargetSelection { get }

    /// The job of an endpoint.
    func job(_ endpoint: Fields, _ index: Int, _ credentials: inout CredentialResolver) throws(FieldError) -> ScrapeJob
}

extension EndpointJobs {
    /// The jobs of the endpoints in a field.
    func jobs(_ field: String, _ credentials: inout CredentialResolver) throws(FieldError) -> [ScrapeJob] {
        var jobs: [ScrapeJob] = []
        for (index, endpoint) in try spec.objects(field).enumerated() {
            jobs.append(try job(endpoint, index, &credentials))
        }
        return jobs
    }

    /// Writes the first part of a job, up to the HTTP client, whose order depends on the kind.
    func begin(
        _ endpoint: Fields, _ index: Int, roles: [String], attachesMetadataSince first: PrometheusVersion,
        _ credentials: inout CredentialResolver
    ) throws(FieldError) -> ConfigWriter {
        try ConfigWriter.checkAuthentication(endpoint)
        var job = ConfigWriter(settings.version)
        job.set("job_name", JSON("\(jobName)/\(index)"))
        job.setHonorLabels(try endpoint.bool("honorLabels") ?? false, settings)
        job.setHonorTimestamps(try endpoint.bool("honorTimestamps"), settings)
        try job.setFlag(endpoint, "trackTimestampsStaleness", "track_timestamps_staleness", since: .init(2, 48))
        var discovery = KubernetesDiscovery(
            role: roles[0], namespaceSelector: try spec.object("namespaceSelector"), namespace: namespace)
        discovery.attachMetadata = try scrapeClass.attachMetadata(spec).map { ($0, first) }
        discovery.selector = selection.usesRole ? (selection.selector.query, roles) : nil
        try discovery.write(to: &job, settings, &credentials)
        try job.setIntervals(endpoint, settings)
        job.set("metrics_path", try endpoint.text("path").map { JSON($0) })
        try job.setParams(endpoint)
        try job.setScheme(endpoint)
        return job
    }

    /// Writes the last part of a job, after the HTTP client.
    func finish(_ job: inout ConfigWriter, _ endpoint: Fields, _ relabelings: [JSON]) throws(FieldError) {
        job.set("relabel_configs", .array(relabelings))
        try job.setLimits(spec, settings)
        try job.setNativeHistograms(spec)
        try job.setScrapeProtocols(spec)
        try job.setFallbackScrapeProtocol(spec, scrapeClass.fields)
        try job.setBodySizeLimit(spec, settings)
        try job.setMetricRelabelings(endpoint, of: object, scrapeClass, settings)
    }

    /// The last relabelling rules: the labels `job` and `endpoint`, and the rules of the class and of the endpoint.
    func lastRules(_ endpoint: Fields, of kind: String, port: String?) throws(FieldError) -> [JSON] {
        var rules: [JSON] = []
        if let label = try spec.text("jobLabel") { rules.append(Relabelings.copyLabel(label, of: kind, to: "job")) }
        if let port { rules.append(Relabelings.set("endpoint", to: port)) }
        rules += scrapeClass.relabelings
        rules += try Relabelings.read(endpoint, "relabelings", for: settings.version)
        return rules + settings.enforcedNamespaceRules(of: object)
    }
}
