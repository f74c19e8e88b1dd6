public import Kube

extension RemoteWrite {
    /// The remote write in the order of prometheus-operator, without the members that the version does not know.
    func json(for version: PrometheusVersion, part: String, problems: inout [ConfigProblem]) -> JSON {
        var result = JSON.object(members)
        for gate in Self.gates where version < gate.since && result[path: gate.path] != nil {
            let field = FieldPath(gate.path.map(FieldPath.Step.key))
            problems.append(.tooOld(part, field, gate.since, version, gate.effect))
            result[path: gate.path] = nil
        }
        return result
    }

    private var members: JSON.Members {
        var members: JSON.Members = ["url": .string(url)]
        func set(_ key: String, _ value: JSON?) {
            if let value { members[key] = value }
        }
        set("remote_timeout", remoteTimeout.map(JSON.string))
        set("headers", headers.isEmpty ? JSON?.none : JSON(headers))
        set("name", name.map(JSON.string))
        set("protobuf_message", protobufMessage.map(JSON.string))
        set("send_exemplars", sendExemplars.map(JSON.bool))
        set("send_native_histograms", sendNativeHistograms.map(JSON.bool))
        set("write_relabel_configs", writeRelabelConfigs.isEmpty ? JSON?.none : .array(writeRelabelConfigs.map(\.json)))
        set("basic_auth", basicAuth?.json)
        set("bearer_token", bearerToken.map(JSON.string))
        set("bearer_token_file", bearerTokenFile.map(JSON.string))
        set("oauth2", oauth2)
        set("tls_config", tls?.json)
        set("authorization", authorization?.json)
        set("proxy_url", proxyURL.map(JSON.string))
        set("no_proxy", noProxy.map(JSON.string))
        set("proxy_from_environment", proxyFromEnvironment.map(JSON.bool))
        set("proxy_connect_header", proxyConnectHeader.isEmpty ? JSON?.none : proxyConnectHeader.sortedJSON)
        set("sigv4", sigv4)
        set("azuread", azureAD)
        set("follow_redirects", followRedirects.map(JSON.bool))
        set("enable_http2", enableHTTP2.map(JSON.bool))
        set("queue_config", queue?.json)
        set("metadata_config", metadata?.json(isSent: protobufMessage != Self.secondMessage))
        set("round_robin_dns", roundRobinDNS.map(JSON.bool))
        return members
    }
}

/// An object of the members that are not nil, in their order.
private func object(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    var result: JSON.Members = [:]
    for (key, value) in members {
        if let value { result[key] = value }
    }
    return .object(result)
}

extension RemoteWrite.BasicAuth {
    /// The `basic_auth` of Prometheus.
    fileprivate var json: JSON {
        object([
            "username": username.map(JSON.string), "username_file": usernameFile.map(JSON.string),
            "password_file": passwordFile.map(JSON.string),
        ])
    }
}

extension RemoteWrite.Authorization {
    /// The `authorization` of Prometheus.
    fileprivate var json: JSON {
        object(["type": .string(type ?? "Bearer"), "credentials_file": .string(credentialsFile)])
    }
}

extension RemoteWrite.TLS {
    /// The `tls_config` of Prometheus.
    public var json: JSON {
        object([
            "ca_file": caFile.map(JSON.string), "cert_file": certFile.map(JSON.string),
            "key_file": keyFile.map(JSON.string), "server_name": serverName.map(JSON.string),
            "insecure_skip_verify": insecureSkipVerify.map(JSON.bool), "min_version": minVersion.map(JSON.string),
            "max_version": maxVersion.map(JSON.string),
        ])
    }
}

extension RemoteWrite.Queue {
    /// A number; 0 means the default of Prometheus, as in prometheus-operator.
    private func given(_ number: Int?) -> JSON? { number.flatMap { $0 == 0 ? JSON?.none : JSON($0) } }

    /// The `queue_config` of Prometheus.
    fileprivate var json: JSON {
        object([
            "capacity": given(capacity), "max_shards": given(maxShards), "min_shards": given(minShards),
            "max_samples_per_send": given(maxSamplesPerSend),
            "batch_send_deadline": batchSendDeadline.map(JSON.string), "min_backoff": minBackoff.map(JSON.string),
            "max_backoff": maxBackoff.map(JSON.string),
            "retry_on_http_429": retryOnRateLimit == true ? JSON.bool(true) : JSON?.none,
            "sample_age_limit": sampleAgeLimit.map(JSON.string),
        ])
    }
}

extension RemoteWrite.Metadata {
    /// The `metadata_config` of Prometheus.
    ///
    /// Metadata is not sent by default, as in prometheus-operator, nor if samples carry it already.
    fileprivate func json(isSent: Bool) -> JSON {
        object([
            "send": .bool(isSent && send ?? false), "send_interval": sendInterval.map(JSON.string),
            "max_samples_per_send": maxSamplesPerSend.map { JSON($0) },
        ])
    }
}

extension [String: [String]] {
    /// An object of lists, its members sorted by name.
    fileprivate var sortedJSON: JSON {
        .object(JSON.Members(uniqueKeysWithValues: sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }))
    }
}
