import Kube

/// Checks the service discovery of a scrape configuration for what Prometheus refuses although it knows the fields.
enum DiscoveryChecks {
    /// The problems of all kinds of discovery.
    static func problems(_ config: JSON.Members) -> [FieldError] {
        kubernetesProblems(config) + scalewayProblems(config)
    }

    /// The in-cluster API server cannot have settings of its own.
    private static func kubernetesProblems(_ config: JSON.Members) -> [FieldError] {
        entries("kubernetes_sd_configs", config) { entry, path in
            guard entry["api_server"] == nil else { return nil }
            let settings = [
                "basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file", "proxy_url",
                "proxy_from_environment", "tls_config",
            ]
            let given = settings.first { key in
                guard let value = entry[key] else { return false }
                return !value.isNull && value != "" && value != false && value.object?.isEmpty != true
            }
            let changed = ["follow_redirects", "enable_http2"].first { entry[$0] == false }
            guard let key = given ?? changed else { return nil }
            return FieldError(
                path.appending(key),
                "needs api_server; the connection to the in-cluster API server cannot be configured")
        }
    }

    /// Scaleway's library checks the form of the access key when the configuration is loaded.
    private static func scalewayProblems(_ config: JSON.Members) -> [FieldError] {
        entries("scaleway_sd_configs", config) { entry, path in
            let key = entry["access_key"]?.string ?? ""
            let isKey = key.utf8.count == 20 && key.hasPrefix("SCW") && key.allSatisfy { $0.isNumber || $0.isUppercase }
            if isKey { return nil }
            return FieldError(
                path.appending("access_key"), "should be SCW followed by 17 upper case letters or digits")
        }
    }

    private static func entries(
        _ key: String, _ config: JSON.Members, _ problem: (JSON, FieldPath) -> FieldError?
    ) -> [FieldError] {
        (config[key]?.array ?? []).enumerated().compactMap { problem($1, FieldPath(key).appending($0)) }
    }
}
