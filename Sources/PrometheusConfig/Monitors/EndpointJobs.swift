import Kube

/// What makes a job for each endpoint of a ServiceMonitor or PodMonitor.
protocol EndpointJobs: MonitorJobs {
    var selection: MonitorSelection { get }

    func job(_ endpoint: Fields, _ index: Int, _ credentials: inout Credentials) throws(FieldError) -> ScrapeJob
}

/// Which services or pods a monitor selects, and whether the API server is asked for those alone.
struct MonitorSelection {
    let selector: SelectorRules
    let usesRole: Bool

    init(_ spec: Fields) throws(FieldError) {
        selector = try SelectorRules(try spec.objectOrEmpty("selector"))
        usesRole = try spec.word("selectorMechanism", among: ["RelabelConfig", "RoleSelector"]) == "RoleSelector"
    }

    /// The relabelling rules that select, where the API server is not asked to.
    func rules(_ kind: String) -> [JSON] { usesRole ? [] : selector.rules(kind) }
}

extension EndpointJobs {
    /// The jobs of the endpoints in a field.
    func jobs(_ field: String, _ credentials: inout Credentials) throws(FieldError) -> [ScrapeJob] {
        var jobs: [ScrapeJob] = []
        for (index, endpoint) in try spec.objects(field).enumerated() {
            jobs.append(try job(endpoint, index, &credentials))
        }
        return jobs
    }

    /// A job up to where it says how to connect, which the kinds write in orders of their own.
    func begin(
        _ endpoint: Fields, _ index: Int, roles: [String], attachesMetadataSince first: PrometheusVersion,
        _ credentials: inout Credentials
    ) throws(FieldError) -> JobWriter {
        try JobWriter.checkAuthentication(endpoint)
        var job = JobWriter(settings.version)
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

    /// Writes what stands behind how to connect.
    func finish(_ job: inout JobWriter, _ endpoint: Fields, _ relabelings: [JSON]) throws(FieldError) {
        job.set("relabel_configs", .array(relabelings))
        try job.setLimits(spec, settings)
        try job.setNativeHistograms(spec)
        try job.setScrapeProtocols(spec)
        try job.setFallbackScrapeProtocol(spec, scrapeClass.fields)
        try job.setBodySizeLimit(spec, settings)
        try job.setMetricRelabelings(endpoint, "metricRelabelings", of: object, scrapeClass, settings)
    }

    /// The last relabelling rules: names of the job and of the endpoint, the class's, the endpoint's own.
    func lastRules(_ endpoint: Fields, of kind: String, port: String?) throws(FieldError) -> [JSON] {
        var rules = try Relabelings.jobLabel(spec, of: kind)
        if let port { rules.append(Relabelings.set("endpoint", to: port)) }
        rules += scrapeClass.relabelings
        rules += try Relabelings.read(endpoint, "relabelings", for: settings.version)
        return rules + Relabelings.enforcedNamespace(of: object, settings)
    }
}
