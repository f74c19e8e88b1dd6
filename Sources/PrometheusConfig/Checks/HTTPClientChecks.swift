import Kube

/// Checks the settings of an HTTP client for what Prometheus refuses, by `HTTPClientConfig.Validate`.
struct HTTPClientChecks {
    /// The version of Prometheus that reads the configuration.
    var version: PrometheusVersion

    /// The problems of an object with the settings; its other members are ignored.
    func problems(_ config: JSON.Members) -> [FieldError] {
        var problems: [FieldError] = []
        func fault(_ field: String, _ message: String) { problems.append(FieldError(FieldPath(field), message)) }
        func isGiven(_ names: String...) -> Bool {
            config[path: names].map { !$0.isNull && $0.string?.isEmpty != true } ?? false
        }

        let ways = ["basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file"].filter { isGiven($0) }
        if ways.count > 1 { fault(ways[1], "at most one of \(ways.joined(separator: " and ")) can be set") }
        for (settings, values) in [
            ("basic_auth", ["username", "password"]), ("authorization", ["credentials"]), ("oauth2", ["client_secret"]),
        ] {
            for value in values where isGiven(settings, value) && isGiven(settings, "\(value)_file") {
                fault("\(settings).\(value)", "cannot be set together with \(value)_file")
            }
        }
        if isGiven("basic_auth", "username_file"), version < .firstUsernameFile {
            fault("basic_auth.username_file", version.needs(.firstUsernameFile))
        }
        if config["authorization"]?["type"]?.string?.lowercased() == "basic" {
            fault("authorization.type", "cannot be Basic; use basic_auth")
        }
        if isGiven("oauth2") {
            for field in ["client_id", "token_url"] where !isGiven("oauth2", field) {
                fault("oauth2.\(field)", "is required")
            }
        }
        if isGiven("no_proxy"), !isGiven("proxy_url") { fault("no_proxy", "needs proxy_url") }
        if config["proxy_from_environment"]?.bool == true, isGiven("proxy_url") {
            fault("proxy_url", "cannot be set together with proxy_from_environment")
        }
        if isGiven("tls_config", "cert_file") != isGiven("tls_config", "key_file"), !isGiven("tls_config", "cert"),
            !isGiven("tls_config", "key")
        {
            fault("tls_config", "cert_file and key_file should be set together")
        }
        return problems
    }
}

extension JSON.Members {
    fileprivate subscript(path path: [String]) -> JSON? { JSON.object(self)[path: path] }
}
