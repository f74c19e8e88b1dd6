import Kube
import PrometheusConfig
import TributaryAPI

extension RemoteWrite {
    /// What a custom resource asks for, its credentials as files that will be mounted.
    init(_ spec: RemoteWriteSpec, files: inout FileMounts) throws(FieldError) {
        guard let url = spec.url, !url.isEmpty else { throw FieldError(FieldPath("url"), "is required") }
        self.init(url: url, name: spec.name)
        remoteTimeout = spec.remoteTimeout
        headers = spec.headers ?? [:]
        writeRelabelConfigs = (spec.writeRelabelConfigs ?? []).map { rule in
            PrometheusConfig.RelabelConfig(
                sourceLabels: rule.sourceLabels ?? [], separator: rule.separator, targetLabel: rule.targetLabel,
                regex: rule.regex, modulus: rule.modulus.flatMap { UInt64(exactly: $0) },
                replacement: rule.replacement, action: rule.action.map { $0.lowercased() })
        }
        basicAuth = spec.basicAuth.map { basic in
            BasicAuth(
                usernameFile: basic.username.map { files.path($0) }, passwordFile: basic.password.map { files.path($0) }
            )
        }
        if let spec = spec.authorization {
            guard let credentials = spec.credentials else {
                throw FieldError(FieldPath("authorization.credentials"), "is required")
            }
            authorization = Authorization(type: spec.type, credentialsFile: files.path(credentials))
        }
        if let spec = spec.oauth2 { oauth2 = try Self.oauth2(spec, files: &files) }
        tls = spec.tlsConfig.map { TLS($0, files: &files) }
        proxyURL = spec.proxyUrl
        queue = spec.queueConfig.map(Queue.init)
        metadata = spec.metadataConfig.map {
            Metadata(send: $0.send, sendInterval: $0.sendInterval, maxSamplesPerSend: $0.maxSamplesPerSend)
        }
        sendExemplars = spec.sendExemplars
        sendNativeHistograms = spec.sendNativeHistograms
        protobufMessage = spec.messageVersion.map {
            $0 == "V2.0" ? "io.prometheus.write.v2.Request" : "prometheus.WriteRequest"
        }
        followRedirects = spec.followRedirects
        enableHTTP2 = spec.enableHTTP2
    }

    /// Prometheus reads the client's secret from a file, but its id only from the configuration, which has no secrets.
    private static func oauth2(_ spec: OAuth2, files: inout FileMounts) throws(FieldError) -> JSON {
        throw FieldError(
            FieldPath("oauth2"),
            "is not supported yet, as Prometheus takes the client id only inline; basicAuth and authorization are")
    }
}

extension RemoteWrite.TLS {
    init(_ spec: TLSConfig, files: inout FileMounts) {
        self.init(
            caFile: spec.ca.flatMap { files.path($0) }, certFile: spec.cert.flatMap { files.path($0) },
            keyFile: spec.keySecret.map { files.path($0) }, serverName: spec.serverName,
            minVersion: spec.minVersion, insecureSkipVerify: spec.insecureSkipVerify)
    }
}

extension RemoteWrite.Queue {
    init(_ spec: QueueConfig) {
        self.init(
            capacity: spec.capacity, maxShards: spec.maxShards, minShards: spec.minShards,
            maxSamplesPerSend: spec.maxSamplesPerSend, batchSendDeadline: spec.batchSendDeadline,
            minBackoff: spec.minBackoff, maxBackoff: spec.maxBackoff, retryOnRateLimit: spec.retryOnRateLimit,
            sampleAgeLimit: spec.sampleAgeLimit)
    }
}
