import Kube

/// Makes the job of a ScrapeConfig.
struct ScrapeConfigJob: MonitorJobs {
    let basis: MonitorBasis

    func job(_ credentials: inout CredentialResolver) throws(FieldError) -> ScrapeJob {
        try ConfigWriter.checkAuthentication(spec)
        var job = ConfigWriter(settings.version)
        job.set("job_name", JSON(jobName))
        // Unlike for other kinds, overrides of the agent apply only if the field is set.
        if let honors = try spec.bool("honorTimestamps") { job.setHonorTimestamps(honors, settings) }
        try job.setFlag(spec, "trackTimestampsStaleness", "track_timestamps_staleness", since: .init(2, 48))
        if let honors = try spec.bool("honorLabels") { job.setHonorLabels(honors, settings) }
        job.set("metrics_path", try spec.string("metricsPath").map { JSON($0) })
        if spec.json("params")?.object?.isEmpty == false { try job.setParams(spec) }
        try job.setFlag(spec, "enableCompression", "enable_compression", since: .init(2, 49))
        try job.setFlag(spec, "enableHTTP2", "enable_http2", since: .init(2, 35))
        try job.setIntervals(spec, interval: "scrapeInterval", settings)
        try job.setScrapeProtocols(spec)
        try job.setFallbackScrapeProtocol(spec, scrapeClass.fields)
        try job.setScheme(spec)
        try job.setProxy(spec, in: namespace, &credentials)
        try job.setBasicAuth(spec, in: namespace, &credentials)
        try job.setMonitorAuthorization(spec, in: namespace, scrapeClass, &credentials)
        try job.setOAuth2(spec, in: namespace, &credentials)
        try job.setMonitorTLS(try spec.object("tlsConfig"), in: namespace, scrapeClass, &credentials)
        try job.setLimits(spec, settings)
        try job.setNativeHistograms(spec)
        try job.setBodySizeLimit(spec, settings)
        try writeTargets(to: &job, &credentials)
        job.set("relabel_configs", .array(try relabelings()))
        try job.setMetricRelabelings(spec, of: object, scrapeClass, settings)
        var context = MappingContext(version: settings.version, namespace: namespace, credentials: credentials)
        try [.nameValidationScheme, .nameEscapingScheme].write(spec, to: &job, &context)
        return ScrapeJob(scrapeConfig: job.json, leftOut: job.leftOut)
    }

    private func writeTargets(to job: inout ConfigWriter, _ credentials: inout CredentialResolver) throws(FieldError) {
        let configs = try spec.objects("staticConfigs")
        if !configs.isEmpty {
            var list: [JSON] = []
            for config in configs { list.append(try staticTargets(config)) }
            job.set("static_configs", .array(list))
        }
        var context = MappingContext(version: settings.version, namespace: namespace, credentials: credentials)
        // Also on errors: the job is made again when a missing credential appears.
        defer { credentials = context.credentials }
        for kind in ServiceDiscovery.all { try kind.write(spec, to: &job, &context) }
    }

    private func staticTargets(_ fields: Fields) throws(FieldError) -> JSON {
        let targets = try fields.strings("targets") ?? []
        for (index, target) in targets.enumerated() where target.isEmpty || target.contains("/") {
            throw FieldError(
                fields.at("targets").appending(index),
                "\"\(target.prefix(200))\" should be an address, such as host:port")
        }
        return ["targets": JSON(targets), "labels": .object(try staticLabels(fields))]
    }

    /// The rules of the class come first, then the name of the job, the rules of the ScrapeConfig and the enforced namespace.
    private func relabelings() throws(FieldError) -> [JSON] {
        var rules = [Relabelings.jobName] + scrapeClass.relabelings
        if let name = try spec.text("jobName") {
            rules.append(["target_label": "job", "action": "replace", "replacement": JSON(name)])
        }
        let own = try Relabelings.read(spec, "relabelings", for: settings.version)
        rules += own
        if !own.isEmpty || settings.enforcesNamespaceOnAllTargets {
            rules += settings.enforcedNamespaceRules(of: object)
        }
        return rules
    }
}
