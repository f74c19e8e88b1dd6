import Kube
import PrometheusConfig
import TributaryAPI

extension RemoteWrite {
    /// The remote write of a custom resource. Throws ``FieldError`` if it would have to go without its credentials.
    init(_ spec: RemoteWriteSpec, _ sources: inout CredentialSources) throws(FieldError) {
        guard let url = spec.url, !url.isEmpty else { throw FieldError(FieldPath("url"), "is required") }
        self.init(url: url, name: spec.name.flatMap { $0.isEmpty ? nil : $0 })
        remoteTimeout = spec.remoteTimeout
        headers = spec.headers ?? [:]
        writeRelabelConfigs = (spec.writeRelabelConfigs ?? []).map { RelabelConfig($0) }
        try authenticate(spec, &sources)
        tls = try spec.tlsConfig.map { tls throws(FieldError) in try sources.loadedTLS(tls, at: "tlsConfig") }
        proxyURL = spec.proxyUrl
        noProxy = spec.noProxy
        proxyFromEnvironment = spec.proxyFromEnvironment
        proxyConnectHeader = try sources.proxyHeaders(spec.proxyConnectHeader, at: "")
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
        roundRobinDNS = spec.roundRobinDNS
    }

    private mutating func authenticate(
        _ spec: RemoteWriteSpec, _ sources: inout CredentialSources
    ) throws(FieldError) {
        if let basic = spec.basicAuth {
            basicAuth = BasicAuth(passwordFile: basic.password.map { sources.file($0, at: "basicAuth.password") })
            if sources.version.readsUserNames {
                basicAuth?.usernameFile = basic.username.map { sources.file($0, at: "basicAuth.username") }
            } else if let name = basic.username {
                basicAuth?.username = try sources.value(name, at: "basicAuth.username")
            }
        }
        if let spec = spec.authorization {
            let given = spec.credentials.map { sources.file($0, at: "authorization.credentials") }
            guard let file = given ?? spec.credentialsFile else {
                throw FieldError(FieldPath("authorization.credentials"), "is required")
            }
            authorization = Authorization(type: spec.type, credentialsFile: file)
        }
        bearerToken = spec.bearerToken
        bearerTokenFile = spec.bearerTokenFile
        if let spec = spec.oauth2 { oauth2 = try Self.oauth2(spec, &sources) }
        if let spec = spec.sigv4 { sigv4 = try Self.sigv4(spec, &sources) }
        if let spec = spec.azureAd { azureAD = try Self.azureAD(spec, &sources) }
    }

    /// Prometheus reads the client's secret from a file, but its id only from the configuration.
    private static func oauth2(_ spec: OAuth2, _ sources: inout CredentialSources) throws(FieldError) -> JSON {
        let headers = try sources.proxyHeaders(spec.proxyConnectHeader, at: "oauth2")
        let json: JSON = [
            "client_id": JSON(try sources.value(spec.clientId, at: "oauth2.clientId")),
            "client_secret_file": JSON(sources.file(spec.clientSecret, at: "oauth2.clientSecret")),
            "token_url": JSON(spec.tokenUrl),
            "scopes": spec.scopes.flatMap { $0.isEmpty ? nil : JSON($0) } ?? .null,
            "endpoint_params": spec.endpointParams.flatMap { $0.isEmpty ? nil : JSON($0) } ?? .null,
            "proxy_url": spec.proxyUrl.map { JSON($0) } ?? .null,
            "no_proxy": spec.noProxy.map { JSON($0) } ?? .null,
            "proxy_from_environment": spec.proxyFromEnvironment.map { .bool($0) } ?? .null,
            "proxy_connect_header": headers.isEmpty
                ? .null
                : .object(.init(uniqueKeysWithValues: headers.sorted { $0.key < $1.key }.map { ($0, JSON($1)) })),
            "tls_config": spec.tlsConfig.map { sources.tls($0, at: "oauth2.tlsConfig").json } ?? .null,
        ]
        return json.droppingNulls
    }

    /// Prometheus cannot read these keys from files.
    private static func sigv4(_ spec: Sigv4, _ sources: inout CredentialSources) throws(FieldError) -> JSON {
        var json: JSON = ["region": spec.region.map { JSON($0) } ?? .null]
        if let access = spec.accessKey, let secret = spec.secretKey {
            json["access_key"] = JSON(try sources.value(access, at: "sigv4.accessKey"))
            json["secret_key"] = JSON(try sources.value(secret, at: "sigv4.secretKey"))
        }
        json["profile"] = spec.profile.map { JSON($0) }
        json["role_arn"] = spec.roleArn.map { JSON($0) }
        json["external_id"] = spec.externalId.map { JSON($0) }
        json["use_fips_sts_endpoint"] = spec.useFIPSSTSEndpoint.map { .bool($0) }
        return json.droppingNulls
    }

    /// Prometheus cannot read the client's secret from a file.
    private static func azureAD(_ spec: AzureAD, _ sources: inout CredentialSources) throws(FieldError) -> JSON {
        var json: JSON = [:]
        if let identity = spec.managedIdentity {
            json["managed_identity"] = .object(identity.clientId.map { ["client_id": JSON($0)] } ?? [:])
        }
        if let oauth = spec.oauth {
            json["oauth"] = [
                "client_id": JSON(oauth.clientId),
                "client_secret": JSON(try sources.value(oauth.clientSecret, at: "azureAd.oauth.clientSecret")),
                "tenant_id": JSON(oauth.tenantId),
            ]
        }
        if let sdk = spec.sdk { json["sdk"] = ["tenant_id": JSON(sdk.tenantId ?? "")] }
        if let identity = spec.workloadIdentity {
            json["workload_identity"] = [
                "client_id": JSON(identity.clientId), "tenant_id": JSON(identity.tenantId),
            ]
        }
        json["cloud"] = spec.cloud.map { JSON($0) }
        json["scope"] = spec.scope.map { JSON($0) }
        return json
    }
}

extension RelabelConfig {
    /// A relabel rule. Empty members count as absent, as in prometheus-operator.
    init(_ rule: RelabelConfigSpec) {
        func given(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
        self.init(
            sourceLabels: rule.sourceLabels ?? [], separator: rule.separator, targetLabel: given(rule.targetLabel),
            regex: given(rule.regex), modulus: rule.modulus.flatMap { $0 == 0 ? nil : UInt64(exactly: $0) },
            replacement: rule.replacement, action: given(rule.action)?.lowercased())
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
