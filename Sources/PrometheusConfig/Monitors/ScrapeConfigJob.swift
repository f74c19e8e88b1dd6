import Kube

/// Makes the job of a ScrapeConfig.
struct ScrapeConfigJob: MonitorJobs {
    let basis: MonitorBasis

    func job(_ credentials: inout Credentials) throws(FieldError) -> ScrapeJob {
        try JobWriter.checkAuthentication(spec)
        var job = JobWriter(settings.version)
        job.set("job_name", JSON(jobName))
        // Unlike the other kinds, it follows an agent's override only where it says something itself.
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
        try job.setAuthorization(spec, in: namespace, scrapeClass, &credentials)
        try job.setOAuth2(spec, in: namespace, &credentials)
        try job.setTLS(try spec.object("tlsConfig"), in: namespace, scrapeClass, &credentials)
        try job.setLimits(spec, settings)
        try job.setNativeHistograms(spec)
        try job.setBodySizeLimit(spec, settings)
        try writeTargets(to: &job, &credentials)
        let rules = try relabelings()
        job.set("relabel_configs", .array(rules))
        try job.setMetricRelabelings(spec, "metricRelabelings", of: object, scrapeClass, settings)
        try writeNameSchemes(to: &job)
        let spreadsItself = rules.contains { $0["action"] == "hashmod" }
        return ScrapeJob(
            config: job.json, sharding: spreadsItself ? .none : .byAddress, leftOut: job.leftOut)
    }

    private func writeTargets(to job: inout JobWriter, _ credentials: inout Credentials) throws(FieldError) {
        let configs = try spec.objects("staticConfigs")
        if !configs.isEmpty {
            var list: [JSON] = []
            for config in configs { list.append(try staticTargets(config)) }
            job.set("static_configs", .array(list))
        }
        var context = MappingContext(version: settings.version, namespace: namespace, credentials: credentials)
        // Also where one is missing: what was asked for is looked at again when it comes.
        defer { credentials = context.credentials }
        for kind in ServiceDiscovery.all { try kind.write(spec, to: &job, &context) }
    }

    private func staticTargets(_ fields: Fields) throws(FieldError) -> JSON {
        let targets = try fields.strings("targets") ?? []
        for (index, target) in targets.enumerated() where target.isEmpty || target.contains("/") {
            throw FieldError(
                fields.at("targets").appending(index), "\"\(target.prefix(200))\" should be an address, host:port")
        }
        return ["targets": JSON(targets), "labels": .object(try staticLabels(fields))]
    }

    /// The class's rules come before the job's name, the enforced namespace behind the ScrapeConfig's own.
    private func relabelings() throws(FieldError) -> [JSON] {
        var rules = [Relabelings.jobName] + scrapeClass.relabelings
        if let name = try spec.text("jobName") {
            rules.append(["target_label": "job", "action": "replace", "replacement": JSON(name)])
        }
        let own = try Relabelings.read(spec, "relabelings", for: settings.version)
        rules += own
        if !own.isEmpty || settings.enforcesNamespaceOnAllTargets {
            rules += Relabelings.enforcedNamespace(of: object, settings)
        }
        return rules
    }

    private func writeNameSchemes(to job: inout JobWriter) throws(FieldError) {
        let scheme = try spec.word("nameValidationScheme", among: ["UTF8", "Legacy"])
        job.set(
            "metric_name_validation_scheme", scheme.map { JSON($0.lowercased()) }, since: .init(3, 0),
            at: spec.at("nameValidationScheme"))
        let names = FieldMapping.escapingSchemes
        let escaping = try spec.word("nameEscapingScheme", among: names.keys.sorted())
        job.set(
            "metric_name_escaping_scheme", escaping.flatMap { names[$0] }.map { JSON($0) }, since: .init(3, 4),
            at: spec.at("nameEscapingScheme"))
    }
}
