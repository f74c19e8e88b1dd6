import Kube

extension LimitsFile {
    /// The findings about publishing this file to receivers that use `previous`. It must not be published with errors.
    public func validate(previous: LimitsFile? = nil) -> [Finding] {
        let write = FieldPath("write")
        let global = write.appending("global")
        var findings: [Finding] = []
        if let maxConcurrency, maxConcurrency < 0 {
            findings.append(.warning(global.appending("max_concurrency"), Self.negative(maxConcurrency)))
        }
        findings += urlFindings(global.appending("meta_monitoring_url"))
        findings += clientFindings(global.appending("meta_monitoring_http_client"))
        findings += Self.limitFindings(defaults, write.appending("default"))
        for (tenant, limits) in tenants {
            let path = write.appending("tenants").appending(tenant)
            findings += Self.tenantFindings(tenant, path) + Self.limitFindings(limits, path)
        }
        if limitsHeadSeries, metaMonitoringURL == nil {
            findings.append(
                .warning(
                    write,
                    "head_series_limit has no effect without global.meta_monitoring_url: set it to the Prometheus API "
                        + "that has the tenants' series"))
        }
        return findings + transitionFindings(from: previous, global)
    }

    private static func negative(_ number: Int) -> String { "\(number) means no limit; write 0" }

    private static func limitFindings(_ limits: Limits, _ path: FieldPath) -> [Finding] {
        let request = path.appending("request")
        let signed = [
            ("size_bytes_limit", limits.requestBytes), ("series_limit", limits.requestSeries),
            ("samples_limit", limits.requestSamples),
        ]
        var findings = signed.compactMap { name, value in
            value.flatMap { $0 < 0 ? Finding.warning(request.appending(name), negative($0)) : nil }
        }
        if let head = limits.headSeries, head < 0 {
            findings.append(
                .error(
                    path.appending("head_series_limit"),
                    "\(head) is less than 0: receivers refuse the file; write 0 for no limit"))
        }
        return findings
    }

    private static func tenantFindings(_ tenant: String, _ path: FieldPath) -> [Finding] {
        if let problem = TenantID.problem(tenant) {
            let message = "tenant id \"\(tenant.printable)\" \(problem); these limits never apply"
            return [.warning(path, message)]
        }
        guard tenant.utf8.contains(where: { "*?[".utf8.contains($0) }) else { return [] }
        return [
            .warning(
                path,
                "is not read as a pattern: the limits apply only to a tenant with exactly this id; list each tenant")
        ]
    }

    /// The changes that take effect only when receivers restart (`pkg/receive/limiter.go`).
    private func transitionFindings(from previous: LimitsFile?, _ global: FieldPath) -> [Finding] {
        guard let previous else { return [] }
        var findings: [Finding] = []
        if (previous.maxConcurrency ?? 0) > 0, (maxConcurrency ?? 0) <= 0 {
            findings.append(
                .warning(
                    global.appending("max_concurrency"),
                    "was removed: receivers keep the limit \(previous.maxConcurrency ?? 0) until they restart"))
        }
        if previous.limitsHeadSeries, !limitsHeadSeries {
            findings.append(
                .warning(global, "every head_series_limit was removed: receivers keep the old ones until they restart"))
        }
        if previous.asksMetaMonitoring, metaMonitoringURL == nil, limitsHeadSeries {
            findings.append(
                .error(
                    global.appending("meta_monitoring_url"),
                    "was removed while head series are limited: running receivers panic the next time they count them; "
                        + "remove the limits, too"))
        }
        if asksMetaMonitoring, !previous.asksMetaMonitoring {
            findings.append(
                .warning(
                    global.appending("meta_monitoring_url"),
                    "receivers start to count head series only when they start; restart them"))
        }
        return findings
    }

    private var asksMetaMonitoring: Bool {
        metaMonitoringURL != nil && (!tenants.isEmpty || (defaults.headSeries ?? 0) > 0)
    }
}

// MARK: - Meta-monitoring

extension LimitsFile {
    /// The rule about the URL: Go accepts it, and it has a scheme and a host.
    private func urlFindings(_ path: FieldPath) -> [Finding] {
        guard let url = metaMonitoringURL else { return [] }
        func error(_ what: String) -> [Finding] {
            [.error(path, "\(what): receivers refuse the file; write it as http://host:port")]
        }
        if url.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return error("contains a control character") }
        guard let colon = url.utf8.firstIndex(of: UInt8(ascii: ":")), Self.isScheme(url[..<colon]) else {
            return error("has no scheme")
        }
        let rest = url[colon...].dropFirst()
        guard rest.hasPrefix("//") else { return error("has no host") }
        var authority = rest.dropFirst(2).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if let at = authority.lastIndex(of: "@") { authority = authority[at...].dropFirst() }
        guard !authority.isEmpty else { return error("has no host") }
        if authority.contains(" ") { return error("has a space in its host") }
        let port = authority.hasPrefix("[") ? authority.drop { $0 != "]" }.dropFirst() : authority.drop { $0 != ":" }
        guard port.isEmpty || (port.first == ":" && port.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }) else {
            return error("has a port that is not a number")
        }
        return []
    }

    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.first, first.isASCII, first.isLetter else { return false }
        return text.allSatisfy { ($0.isASCII && ($0.isLetter || $0.isNumber)) || "+-.".contains($0) }
    }

    /// The rules about the client: receivers that cannot make it panic as soon as they count head series.
    private func clientFindings(_ path: FieldPath) -> [Finding] {
        guard let client = metaMonitoringHTTPClient else { return [] }
        func isSet(_ names: String...) -> Bool {
            guard let value = client[path: names] else { return false }
            return !value.isNull && value.string != ""
        }
        let panics = limitsHeadSeries && metaMonitoringURL != nil
        var findings: [Finding] = []
        func conflict(_ name: String, _ what: String) {
            let effect = panics ? "receivers panic" : "receivers would panic once head series are limited"
            findings.append(
                Finding(
                    severity: panics ? .error : .warning, field: path.appending(name), message: "\(what): \(effect)"))
        }
        let hasBasic = ["username", "password", "password_file"].contains { isSet("basic_auth", $0) }
        if isSet("bearer_token"), isSet("bearer_token_file") {
            conflict("bearer_token_file", "at most one of bearer_token and bearer_token_file may be set")
        }
        if hasBasic, isSet("bearer_token") || isSet("bearer_token_file") {
            conflict("basic_auth", "at most one of basic_auth and a bearer token may be set")
        }
        if isSet("basic_auth", "password"), isSet("basic_auth", "password_file") {
            conflict("basic_auth", "at most one of password and password_file may be set")
        }
        if isSet("tls_config", "cert_file") != isSet("tls_config", "key_file") {
            conflict("tls_config", "cert_file and key_file must be set together")
        }
        guard panics else { return findings }
        for name in ["ca_file", "cert_file", "key_file"] where isSet("tls_config", name) {
            findings.append(
                .warning(
                    path.appending("tls_config").appending(name),
                    "must exist before receivers read the limits, or they panic; mount it first"))
        }
        return findings
    }
}

extension Finding {
    static func error(_ field: FieldPath, _ message: String) -> Finding {
        Finding(severity: .error, field: field, message: message)
    }
    static func warning(_ field: FieldPath, _ message: String) -> Finding {
        Finding(severity: .warning, field: field, message: message)
    }
}
