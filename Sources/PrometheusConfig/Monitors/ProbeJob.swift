import Kube

/// Makes the job of a Probe.
struct ProbeJob: MonitorJobs {
    let basis: MonitorBasis
    private let prober: Fields

    init(_ basis: MonitorBasis) throws(FieldError) {
        self.basis = basis
        prober = try basis.spec.objectOrEmpty("prober")
    }

    func job(_ credentials: inout CredentialResolver) throws(FieldError) -> ScrapeJob {
        try ConfigWriter.checkAuthentication(spec)
        let url = try prober.requiredText("url")
        guard HostAndPort.isValid(url) else {
            throw FieldError(prober.at("url"), "\"\(url.prefix(200))\" should be a host name or host:port")
        }
        var job = ConfigWriter(settings.version)
        job.set("job_name", JSON(jobName))
        job.setHonorTimestamps(true, settings)
        // The default of the CustomResourceDefinition, for objects that do not come from an API server.
        job.set("metrics_path", JSON(try prober.string("path") ?? "/probe"))
        try job.setIntervals(spec, settings)
        try job.setScheme(prober)
        try writeParams(to: &job)
        try job.setLimits(spec, settings)
        try job.setNativeHistograms(spec)
        try job.setScrapeProtocols(spec)
        try job.setFallbackScrapeProtocol(spec, scrapeClass.fields)
        // A Probe has no field for this limit.
        try job.setBodySizeLimit(Fields(emptyAt: spec.path), settings)
        try job.setProxy(prober, in: namespace, &credentials)
        try job.setFlag(spec, "followRedirects", "follow_redirects", since: .init(2, 26))
        try job.setFlag(spec, "enableHttp2", "enable_http2", since: .init(2, 35))
        try job.setMonitorTLS(try spec.object("tlsConfig"), in: namespace, scrapeClass, &credentials)
        try writeTargets(url, to: &job, &credentials)
        if spec.has("bearerTokenSecret") {
            let token = try spec.requiredSecretKey("bearerTokenSecret", in: namespace)
            job.set("bearer_token_file", JSON(try credentials.file(token, at: spec.at("bearerTokenSecret"))))
        }
        try job.setBasicAuth(spec, in: namespace, &credentials)
        try job.setOAuth2(spec, in: namespace, &credentials)
        try job.setMonitorAuthorization(spec, in: namespace, scrapeClass, &credentials)
        try job.setMetricRelabelings(spec, of: object, scrapeClass, settings)
        return ScrapeJob(config: job.json, sharding: .byProbeTarget, leftOut: job.leftOut)
    }

    private func writeParams(to job: inout ConfigWriter) throws(FieldError) {
        var params: JSON.Members = [:]
        let module = try spec.text("module")
        if let module { params["module"] = [JSON(module)] }
        for param in try spec.objects("params") {
            let name = try param.requiredText("name")
            if name == "module", module != nil { continue }
            guard params[name] == nil else { throw FieldError(param.at("name"), "\"\(name)\" occurs twice") }
            params[name] = JSON(try param.strings("values") ?? [])
        }
        if !params.isEmpty { job.set("params", .object(params)) }
    }

    /// Writes the targets and the rules that pass them to the prober; static targets take precedence over ingresses.
    private func writeTargets(
        _ url: String, to job: inout ConfigWriter, _ credentials: inout CredentialResolver
    ) throws(FieldError) {
        let targets = try spec.objectOrEmpty("targets")
        var rules = [Relabelings.jobName]
        if let name = try spec.text("jobName") { rules.append(Relabelings.set("job", to: name)) }
        let user: [JSON]
        let chosen = try targets.object("staticConfig")
        let ingress = try targets.object("ingress")
        let ingressRules = try ingress.map { fields throws(FieldError) in
            try Relabelings.read(fields, "relabelingConfigs", for: settings.version)
        }
        if let chosen {
            user = try Relabelings.read(chosen, "relabelingConfigs", for: settings.version)
            job.set("static_configs", [try staticTargets(chosen)])
            rules.append(Relabelings.copy("__address__", to: "__param_target"))
        } else if let ingress {
            user = ingressRules ?? []
            rules += try TargetLabelSelector(try ingress.objectOrEmpty("selector")).rules("ingress")
            let selector = try ingress.object("namespaceSelector")
            let discovery = KubernetesDiscovery(role: "ingress", namespaceSelector: selector, namespace: namespace)
            try discovery.write(to: &job, settings, &credentials)
            rules += Self.ingressRules
        } else {
            throw FieldError(targets.path, "needs staticConfig or ingress")
        }
        rules.append(Relabelings.copy("__param_target", to: "instance"))
        rules.append(Relabelings.set("__address__", to: url))
        rules += scrapeClass.relabelings + user + settings.enforcedNamespaceRules(of: object)
        job.set("relabel_configs", .array(rules))
    }

    private func staticTargets(_ fields: Fields) throws(FieldError) -> JSON {
        var labels = try staticLabels(fields)
        if labels["namespace"] == nil { labels["namespace"] = JSON(namespace) }
        return ["targets": JSON(try fields.strings("static") ?? []), "labels": .object(labels)]
    }

    private static let ingressRules: [JSON] = [
        [
            "source_labels": ["__meta_kubernetes_ingress_scheme", "__address__", "__meta_kubernetes_ingress_path"],
            "separator": ";", "regex": "(.+);(.+);(.+)", "target_label": "__param_target",
            "replacement": "${1}://${2}${3}", "action": "replace",
        ],
        Relabelings.copy("__meta_kubernetes_namespace", to: "namespace"),
        Relabelings.copy("__meta_kubernetes_ingress_name", to: "ingress"),
        [
            "source_labels": ["__address__"], "separator": ";", "regex": "(.*)",
            "target_label": "__tmp_ingress_address", "replacement": "$1", "action": "replace",
        ],
    ]
}
