import Kube

extension RemoteWrite {
    /// What Prometheus would refuse, by `RemoteWriteConfig.UnmarshalYAML`; it would refuse the whole file.
    func problems(for version: PrometheusVersion, part: String) -> [ConfigProblem] {
        var problems: [ConfigProblem] = []
        func fault(_ field: String, _ message: String) {
            problems.append(ConfigProblem(.fatal, part, FieldPath(field), message))
        }
        let scheme = url.prefix { $0 != ":" }.lowercased()
        let rest = url.dropFirst(scheme.count)
        if !["http", "https"].contains(scheme) || !rest.hasPrefix("://")
            || rest.dropFirst(3).prefix(while: { $0 != "/" }).isEmpty
            || url.contains(where: { $0.isWhitespace || $0.isNewline })
        {
            fault("url", "\"\(url)\" should be http://host… or https://host…")
        }
        if let at = rest.dropFirst(3).prefix(while: { $0 != "/" }).firstIndex(of: "@") {
            _ = at
            fault("url", "has credentials in it, which belong into a Secret")
        }
        let ways: [(String, Bool)] = [
            ("basic_auth", basicAuth != nil), ("authorization", authorization != nil), ("oauth2", oauth2 != nil),
            ("sigv4", sigv4 != nil), ("azuread", azureAD != nil),
        ]
        let given = ways.filter(\.1).map(\.0)
        if given.count > 1 { fault("", "at most one of \(given.joined(separator: " and ")) can be given") }
        if authorization?.type?.lowercased() == "basic" {
            fault("authorization.type", "cannot be Basic: use basic_auth")
        }
        if (tls?.certFile == nil) != (tls?.keyFile == nil) { fault("tls_config", "cert_file and key_file go together") }
        if proxyFromEnvironment == true, proxyURL != nil {
            fault("proxy_url", "cannot stand beside proxy_from_environment")
        }
        if noProxy != nil, proxyURL == nil { fault("no_proxy", "needs proxy_url") }
        for name in headers.keys.sorted() {
            if name.isEmpty || !name.utf8.allSatisfy(Self.isTokenByte) {
                fault("headers", "\"\(name)\" is no header name")
            } else if Self.reservedHeaders.contains(name.lowercased()) {
                fault("headers", "\"\(name)\" is set by Prometheus itself")
            }
            if headers[name]?.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) ?? false {
                fault("headers", "the value of \"\(name)\" has a control character in it")
            }
        }
        for (field, text) in [
            ("remote_timeout", remoteTimeout), ("queue_config.batch_send_deadline", queue?.batchSendDeadline),
            ("queue_config.min_backoff", queue?.minBackoff), ("queue_config.max_backoff", queue?.maxBackoff),
            ("queue_config.sample_age_limit", queue?.sampleAgeLimit),
            ("metadata_config.send_interval", metadata?.sendInterval),
        ] {
            if let text, PrometheusDuration(text) == nil {
                fault(field, "\"\(text)\" is no duration, such as 30s or 1m")
            }
        }
        for (index, rule) in writeRelabelConfigs.enumerated() {
            let path = FieldPath("write_relabel_configs").appending(index)
            problems += rule.problems(for: version, at: path).map { ConfigProblem(.fatal, part, $0.path, $0.problem) }
        }
        return problems
    }

    /// The headers that Prometheus refuses in `headers`.
    private static let reservedHeaders: Set<String> = [
        "authorization", "host", "content-encoding", "content-length", "content-type", "user-agent", "connection",
        "keep-alive", "proxy-authenticate", "proxy-authorization", "www-authenticate", "accept-encoding",
        "x-prometheus-remote-write-version", "x-prometheus-remote-read-version",
        "x-amz-date", "x-amz-security-token", "x-amz-content-sha256",
    ]

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
