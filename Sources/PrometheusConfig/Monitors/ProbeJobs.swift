import Kube

/// Makes the job of a Probe.
struct ProbeJobs: MonitorJobs {
    let basis: MonitorBasis
    private let prober: Fields

    init(_ basis: MonitorBasis) throws(FieldError) {
        self.basis = basis
        prober = try basis.spec.objectOrEmpty("prober")
    }

    func job(_ credentials: inout Credentials) throws(FieldError) -> ScrapeJob {
        try JobWriter.checkAuthentication(spec)
        let url = try prober.requiredText("url")
        guard HostAndPort.isValid(url) else {
            throw FieldError(prober.at("url"), "\"\(url.prefix(200))\" should be a host name, or host:port")
        }
        var job = JobWriter(settings.version)
        job.set("job_name", JSON(jobName))
        job.setHonorTimestamps(true, settings)
        // The CustomResourceDefinition's default, for objects that no API server has seen.
        job.set("metrics_path", JSON(try prober.string("path") ?? "/probe"))
        try job.setIntervals(spec, settings)
        try job.setScheme(prober)
        try writeParams(to: &job)
        try job.setLimits(spec, settings)
        try job.setNativeHistograms(spec)
        try job.setScrapeProtocols(spec)
        try job.setFallbackScrapeProtocol(spec, scrapeClass.fields)
        // A Probe has no limit of its own.
        try job.setBodySizeLimit(Fields(emptyAt: spec.path), settings)
        try job.setProxy(prober, in: namespace, &credentials)
        try job.setFlag(spec, "followRedirects", "follow_redirects", since: .init(2, 26))
        try job.setFlag(spec, "enableHttp2", "enable_http2", since: .init(2, 35))
        try job.setTLS(try spec.object("tlsConfig"), in: namespace, scrapeClass, &credentials)
        try writeTargets(url, to: &job, &credentials)
        if spec.has("bearerTokenSecret") {
            let token = try spec.requiredSecretKey("bearerTokenSecret", in: namespace)
            job.set("bearer_token_file", JSON(try credentials.file(token, at: spec.at("bearerTokenSecret"))))
        }
        try job.setBasicAuth(spec, in: namespace, &credentials)
        try job.setOAuth2(spec, in: namespace, &credentials)
        try job.setAuthorization(spec, in: namespace, scrapeClass, &credentials)
        try job.setMetricRelabelings(spec, "metricRelabelings", of: object, scrapeClass, settings)
        return ScrapeJob(config: job.json, sharding: .byProbeTarget, leftOut: job.leftOut)
    }

    private func writeParams(to job: inout JobWriter) throws(FieldError) {
        var params: JSON.Members = [:]
        let module = try spec.text("module")
        if let module { params["module"] = [JSON(module)] }
        for param in try spec.objects("params") {
            let name = try param.requiredText("name")
            if name == "module", module != nil { continue }
            guard params[name] == nil else { throw FieldError(param.at("name"), "\"\(name)\" is given twice") }
            params[name] = JSON(try param.strings("values") ?? [])
        }
        if !params.isEmpty { job.set("params", .object(params)) }
    }

    /// Writes where targets come from and how they are handed to the prober; static ones go before those of ingresses.
    private func writeTargets(
        _ url: String, to job: inout JobWriter, _ credentials: inout Credentials
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
            rules += try SelectorRules(try ingress.objectOrEmpty("selector")).rules("ingress")
            let selector = try ingress.object("namespaceSelector")
            let discovery = KubernetesDiscovery(role: "ingress", namespaceSelector: selector, namespace: namespace)
            // A node's agent does not ask for ingresses of its node: there are none.
            try discovery.write(to: &job, settings, &credentials)
            rules += Self.ingressRules
        } else {
            throw FieldError(targets.path, "needs staticConfig or ingress")
        }
        rules.append(Relabelings.copy("__param_target", to: "instance"))
        rules.append(Relabelings.set("__address__", to: url))
        rules += scrapeClass.relabelings + user + Relabelings.enforcedNamespace(of: object, settings)
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

/// Where a prober listens: a host name or an address, with a port or without.
enum HostAndPort {
    /// Whether text is one, by prometheus-operator's `validateProberURL`.
    static func isValid(_ text: String) -> Bool {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let rest = text[text.index(after: end)...]
            return isIPv6(text[text.index(after: text.startIndex)..<end]) && rest.hasPrefix(":")
                && isPort(rest.dropFirst())
        }
        guard let colon = text.lastIndex(of: ":") else { return isHost(text[...]) }
        if text[..<colon].contains(":") { return isIPv6(text[...]) }
        return isHost(text[..<colon]) && isPort(text[text.index(after: colon)...])
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt16(text).map { $0 > 0 } ?? false
    }

    /// Whether text is a domain name, or an IPv4 address, which looks like one.
    private static func isHost(_ text: Substring) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 255 else { return false }
        let name = text.hasSuffix(".") ? text.dropLast() : text
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            guard let first = label.utf8.first, label.utf8.count <= 63, first != 0x2D else { return false }
            return label.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || $0 == 0x2D || $0 == 0x5F
            }
        }
    }

    private static func isIPv6(_ text: Substring) -> Bool {
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (3...9).contains(groups.count), text.utf8.allSatisfy({ $0 != 0x25 }) else { return false }
        let isShortened = text.contains("::")
        return (isShortened || groups.count == 8)
            && groups.allSatisfy { group in
                group.utf8.count <= 4
                    && group.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }
            }
    }
}
