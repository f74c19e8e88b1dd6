import Kube

/// Makes the jobs of a PodMonitor, one for each endpoint.
struct PodMonitorJobs: EndpointJobs {
    let basis: MonitorBasis
    let selection: TargetSelection

    init(_ basis: MonitorBasis) throws(FieldError) {
        self.basis = basis
        selection = try TargetSelection(basis.spec)
    }

    func job(_ endpoint: Fields, _ index: Int, _ credentials: inout CredentialResolver) throws(FieldError) -> ScrapeJob
    {
        var job = try begin(endpoint, index, roles: ["pod"], attachesMetadataSince: .init(2, 35), &credentials)
        try job.setFlag(endpoint, "followRedirects", "follow_redirects", since: .init(2, 26))
        try job.setFlag(endpoint, "enableHttp2", "enable_http2", since: .init(2, 35))
        try job.setMonitorTLS(try endpoint.object("tlsConfig"), in: namespace, scrapeClass, &credentials)
        try job.setBearerToken(endpoint, in: namespace, &credentials)
        try job.setBasicAuth(endpoint, in: namespace, &credentials)
        try job.setOAuth2(endpoint, in: namespace, &credentials)
        try job.setProxy(endpoint, in: namespace, &credentials)
        try job.setEndpointAuthorization(endpoint, in: namespace, scrapeClass, &credentials)
        try finish(&job, endpoint, try relabelings(endpoint))
        let sharding: ScrapeJob.Sharding = settings.isNodeLocal ? .none : .byAddress
        return ScrapeJob(config: job.json, sharding: sharding, leftOut: job.leftOut)
    }

    private func relabelings(_ endpoint: Fields) throws(FieldError) -> [JSON] {
        var rules = [Relabelings.jobName]
        if try endpoint.bool("filterRunning") ?? true { rules.append(Relabelings.isRunning) }
        rules += selection.rules("pod")
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
        rules += try Relabelings.copies(spec, "podTargetLabels", of: "pod", for: settings.version)
        rules += Relabelings.copies(settings.podTargetLabels, of: "pod")
        rules.append(Relabelings.set("job", to: "\(namespace)/\(object.name)"))
        return rules + (try lastRules(endpoint, of: "pod", port: port ?? targetPort?.text))
    }
}
