import Kube
import PlanningInput
import TributaryAPI

extension FederationSpec {
    /// The scrape configuration that federates a spoke. Labels stay as they are in the spoke.
    func scrapeConfig(_ files: inout FileMounts) -> JSON {
        // A scrape configuration has the URL's scheme and path as separate settings.
        let (scheme, address, path) = Self.parts(of: url)
        var job: JSON = [
            "job_name": JSON("federate/\(name)"), "honor_labels": true, "scheme": JSON(scheme),
            "metrics_path": JSON("\(path)/federate"), "params": ["match[]": JSON(match)],
            "static_configs": [
                ["targets": [JSON(address)], "labels": labels.map { JSON($0) } ?? .null]
            ],
        ]
        job["scrape_interval"] = scrapeInterval.map { JSON($0) }
        job["scrape_timeout"] = scrapeTimeout.map { JSON($0) }
        for (key, value) in httpClient(basicAuth, authorization, tlsConfig, &files) { job[key] = value }
        return job.droppingNulls
    }

    private static func parts(of url: String) -> (scheme: String, address: String, path: String) {
        let scheme = url.hasPrefix("https://") ? "https" : "http"
        let rest = url.drop { $0 != "/" }.drop { $0 == "/" }
        let path = rest.drop { $0 != "/" }
        return (scheme, String(rest.prefix { $0 != "/" }), WriteIngress.normalized(String(path)))
    }
}

extension RemoteReadSpec {
    /// The `remote_read` entry.
    func configuration(_ files: inout FileMounts) -> JSON {
        var entry: JSON = ["url": JSON(url), "name": JSON(name)]
        entry["required_matchers"] = requiredMatchers.map { JSON($0) }
        entry["read_recent"] = readRecent.map { .bool($0) }
        entry["remote_timeout"] = remoteTimeout.map { JSON($0) }
        entry["headers"] = headers.map { JSON($0) }
        for (key, value) in httpClient(basicAuth, authorization, tlsConfig, &files) { entry[key] = value }
        return entry
    }
}

/// Prometheus's HTTP client settings, with credentials as files to be mounted.
private func httpClient(
    _ basicAuth: BasicAuthSpec?, _ authorization: SafeAuthorizationSpec?, _ tls: SafeTLSConfig?,
    _ files: inout FileMounts
) -> [(String, JSON)] {
    var result: [(String, JSON)] = []
    if let basicAuth {
        let entry: JSON = [
            "username_file": basicAuth.username.map { JSON(files.path($0)) } ?? .null,
            "password_file": basicAuth.password.map { JSON(files.path($0)) } ?? .null,
        ]
        result.append(("basic_auth", entry.droppingNulls))
    }
    if let authorization, let credentials = authorization.credentials {
        let entry: JSON = [
            "type": authorization.type.map { JSON($0) } ?? .null, "credentials_file": JSON(files.path(credentials)),
        ]
        result.append(("authorization", entry.droppingNulls))
    }
    if let tls {
        let entry: JSON = [
            "ca_file": tls.ca.flatMap { files.path($0) }.map { JSON($0) } ?? .null,
            "cert_file": tls.cert.flatMap { files.path($0) }.map { JSON($0) } ?? .null,
            "key_file": tls.keySecret.map { JSON(files.path($0)) } ?? .null,
            "server_name": tls.serverName.map { JSON($0) } ?? .null,
            "insecure_skip_verify": tls.insecureSkipVerify.map { .bool($0) } ?? .null,
            "min_version": tls.minVersion.map { JSON($0) } ?? .null,
            "max_version": tls.maxVersion.map { JSON($0) } ?? .null,
        ]
        result.append(("tls_config", entry.droppingNulls))
    }
    return result
}
