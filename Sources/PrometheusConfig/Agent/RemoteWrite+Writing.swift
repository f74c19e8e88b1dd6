import Kube

extension RemoteWrite {
    /// The fields that came with some version of Prometheus, and that version.
    private static let since: [String: PrometheusVersion] = [
        "protobuf_message": .init(2, 54), "send_native_histograms": .init(2, 40), "enable_http2": .init(2, 35),
        "no_proxy": .init(2, 43), "proxy_from_environment": .init(2, 43), "round_robin_dns": .init(3, 1),
        "azuread": .init(2, 45),
    ]
    private static let nestedSince: [String: [String: PrometheusVersion]] = [
        "queue_config": ["sample_age_limit": .init(2, 50)], "tls_config": ["min_version": .init(2, 35)],
        "basic_auth": ["username_file": .init(2, 46)],
    ]

    /// The settings in the order in which prometheus-operator writes them, without what the version does not know.
    func json(for version: PrometheusVersion, part: String, problems: inout [ConfigProblem]) -> JSON {
        var result: JSON.Members = [:]
        for (key, value) in members {
            if let since = Self.since[key], version < since {
                problems.append(.tooOld(part, FieldPath([.key(key)]), since, version))
                continue
            }
            var value = value
            for (nested, since) in Self.nestedSince[key] ?? [:] where version < since && value[nested] != nil {
                problems.append(.tooOld(part, FieldPath([.key(key), .key(nested)]), since, version))
                value[nested] = nil
            }
            result[key] = value
        }
        return .object(result)
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
        set("write_relabel_configs", writeRelabelConfigs.isEmpty ? nil : .array(writeRelabelConfigs.map(\.json)))
        set("basic_auth", basicAuth?.json)
        set("oauth2", oauth2)
        set("tls_config", tls?.json)
        set("authorization", authorization?.json)
        set("proxy_url", proxyURL.map(JSON.string))
        set("no_proxy", noProxy.map(JSON.string))
        set("proxy_from_environment", proxyFromEnvironment.map(JSON.bool))
        set("sigv4", sigv4)
        set("azuread", azureAD)
        set("follow_redirects", followRedirects.map(JSON.bool))
        set("enable_http2", enableHTTP2.map(JSON.bool))
        set("queue_config", queue?.json)
        set("metadata_config", metadata?.json)
        set("round_robin_dns", roundRobinDNS.map(JSON.bool))
        return members
    }
}

/// An object of the members that are there, in this order.
private func object(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    var result: JSON.Members = [:]
    for (key, value) in members {
        if let value { result[key] = value }
    }
    return .object(result)
}

extension RemoteWrite.BasicAuth {
    var json: JSON {
        object([
            "username": username.map(JSON.string), "username_file": usernameFile.map(JSON.string),
            "password_file": passwordFile.map(JSON.string),
        ])
    }
}

extension RemoteWrite.Authorization {
    var json: JSON { object(["type": type.map(JSON.string), "credentials_file": .string(credentialsFile)]) }
}

extension RemoteWrite.TLS {
    var json: JSON {
        object([
            "ca_file": caFile.map(JSON.string), "cert_file": certFile.map(JSON.string),
            "key_file": keyFile.map(JSON.string), "server_name": serverName.map(JSON.string),
            "insecure_skip_verify": insecureSkipVerify.map(JSON.bool), "min_version": minVersion.map(JSON.string),
        ])
    }
}

extension RemoteWrite.Queue {
    var json: JSON {
        object([
            "capacity": capacity.map { JSON($0) }, "max_shards": maxShards.map { JSON($0) },
            "min_shards": minShards.map { JSON($0) }, "max_samples_per_send": maxSamplesPerSend.map { JSON($0) },
            "batch_send_deadline": batchSendDeadline.map(JSON.string), "min_backoff": minBackoff.map(JSON.string),
            "max_backoff": maxBackoff.map(JSON.string), "retry_on_http_429": retryOnRateLimit.map(JSON.bool),
            "sample_age_limit": sampleAgeLimit.map(JSON.string),
        ])
    }
}

extension RemoteWrite.Metadata {
    var json: JSON {
        object([
            "send": send.map(JSON.bool), "send_interval": sendInterval.map(JSON.string),
            "max_samples_per_send": maxSamplesPerSend.map { JSON($0) },
        ])
    }
}

extension ConfigProblem {
    static func tooOld(
        _ part: String, _ field: FieldPath, _ since: PrometheusVersion, _ version: PrometheusVersion
    ) -> ConfigProblem {
        ConfigProblem(.dropped, part, field, "needs Prometheus \(since), this is \(version)")
    }
}
