import Kube

extension RemoteWrite {
    /// The reasons why Prometheus would refuse the remote write, and the whole file, by `RemoteWriteConfig.UnmarshalYAML`.
    func problems(for version: PrometheusVersion, part: String) -> [ConfigProblem] {
        var problems: [ConfigProblem] = []
        func fault(_ field: String, _ message: String) {
            problems.append(ConfigProblem(.rejected, part, FieldPath(field), message))
        }
        func add(_ errors: [FieldError]) {
            problems += errors.map { ConfigProblem(.rejected, part, $0.path, $0.problem) }
        }
        add(RemoteEndpointChecks.problems(url: url))
        let ways: [(String, Bool)] = [
            ("basic_auth", basicAuth != nil), ("bearer_token", bearerToken != nil),
            ("bearer_token_file", bearerTokenFile != nil), ("authorization", authorization != nil),
            ("oauth2", oauth2 != nil),
            ("sigv4", sigv4 != nil), ("azuread", azureAD != nil),
        ]
        let given = ways.filter(\.1).map(\.0)
        if given.count > 1 { fault("", "at most one of \(given.joined(separator: " and ")) can be set") }
        if authorization?.type?.lowercased() == "basic" {
            fault("authorization.type", "cannot be Basic; use basic_auth")
        }
        if (tls?.certFile == nil) != (tls?.keyFile == nil) {
            fault("tls_config", "cert_file and key_file should be set together")
        }
        if proxyFromEnvironment == true, proxyURL != nil {
            fault("proxy_url", "cannot be set together with proxy_from_environment")
        }
        if noProxy != nil, proxyURL == nil { fault("no_proxy", "needs proxy_url") }
        if !proxyConnectHeader.isEmpty, proxyURL == nil, proxyFromEnvironment != true {
            fault("proxy_connect_header", "needs proxy_url or proxy_from_environment")
        }
        if let identity = azureAD?["managed_identity"], identity["client_id"] == nil, version < PrometheusVersion(3, 5)
        {
            fault("azuread.managed_identity.client_id", "is required before Prometheus v3.5.0, this is \(version)")
        }
        add(RemoteEndpointChecks.problems(headers: headers))
        for (field, text) in [
            ("remote_timeout", remoteTimeout), ("queue_config.batch_send_deadline", queue?.batchSendDeadline),
            ("queue_config.min_backoff", queue?.minBackoff), ("queue_config.max_backoff", queue?.maxBackoff),
            ("queue_config.sample_age_limit", queue?.sampleAgeLimit),
            ("metadata_config.send_interval", metadata?.sendInterval),
        ] {
            if let text, PrometheusDuration(text) == nil { fault(field, PrometheusDuration.problem(text)) }
        }
        for (index, rule) in writeRelabelConfigs.enumerated() {
            add(rule.problems(for: version, at: FieldPath("write_relabel_configs").appending(index)))
        }
        return problems
    }
}
