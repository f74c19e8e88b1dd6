import Kube

/// What Prometheus would refuse in service discovery although it knows each of the fields.
struct DiscoveryChecks {
    var version: PrometheusVersion

    /// The problems of a scrape configuration's discoveries, and of how it takes names.
    func problems(_ config: JSON.Members) -> [FieldError] {
        kubernetesProblems(config) + scalewayProblems(config) + nameProblems(config)
    }

    /// A pod reaches its own API server in the one way that it was given.
    private func kubernetesProblems(_ config: JSON.Members) -> [FieldError] {
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
            return FieldError(path.appending(key), "needs api_server: the pod's own has its own way of being reached")
        }
    }

    /// The provider's library looks at the form of what it is given before it asks anybody.
    private func scalewayProblems(_ config: JSON.Members) -> [FieldError] {
        entries("scaleway_sd_configs", config) { entry, path in
            let key = entry["access_key"]?.string ?? ""
            let isKey = key.utf8.count == 20 && key.hasPrefix("SCW") && key.allSatisfy { $0.isNumber || $0.isUppercase }
            if !isKey { return FieldError(path.appending("access_key"), "should be SCW and 17 capitals or digits") }
            return nil
        }
    }

    /// Until 3.8 a job with legacy names inherits the escaping of a file that allows UTF-8, which Prometheus refuses.
    private func nameProblems(_ config: JSON.Members) -> [FieldError] {
        guard config["metric_name_validation_scheme"] == "legacy", config["metric_name_escaping_scheme"] == nil,
            version >= PrometheusVersion(3, 4), version < PrometheusVersion(3, 8)
        else { return [] }
        return [
            FieldError(
                FieldPath("metric_name_validation_scheme"),
                "legacy needs metric_name_escaping_scheme beside it, such as underscores, before Prometheus v3.8.0")
        ]
    }

    private func entries(
        _ key: String, _ config: JSON.Members, _ problem: (JSON, FieldPath) -> FieldError?
    ) -> [FieldError] {
        (config[key]?.array ?? []).enumerated().compactMap { problem($1, FieldPath(key).appending($0)) }
    }
}
