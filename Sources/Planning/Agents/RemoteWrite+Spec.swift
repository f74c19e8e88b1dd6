import Kube
import PrometheusConfig
import TributaryAPI

/// Where the credentials of what an agent sends to come from: files that are mounted, and for what Prometheus reads from
/// no file, values that stand in the configuration's Secret.
struct CredentialSources {
    let version: PrometheusVersion
    /// The agent's namespace, which all that it refers to is in.
    let namespace: String
    var files: FileMounts
    var credentials: Credentials

    /// The value of a Secret's key, without the space around it, as Prometheus reads files.
    mutating func value(_ selector: KeySelector, at path: String) throws(FieldError) -> String {
        let reference = CredentialReference(.secret, namespace: namespace, name: selector.name, key: selector.key)
        return try credentials.trimmedValue(reference, at: FieldPath(path))
    }

    /// The value of a Secret's or a ConfigMap's key.
    mutating func value(_ source: SecretOrConfigMap, at path: String) throws(FieldError) -> String {
        if let secret = source.secret { return try value(secret, at: "\(path).secret") }
        guard let map = source.configMap else { throw FieldError(FieldPath(path), "is required") }
        let reference = CredentialReference(.configMap, namespace: namespace, name: map.name, key: map.key)
        return try credentials.trimmedValue(reference, at: FieldPath("\(path).configMap"))
    }

    /// The values of the headers for a proxy.
    mutating func proxyHeaders(
        _ headers: [String: [KeySelector]]?, at path: String
    ) throws(FieldError) -> [String: [String]] {
        var result: [String: [String]] = [:]
        for (name, selectors) in (headers ?? [:]).sorted(by: { $0.key < $1.key }) {
            for selector in selectors {
                result[name, default: []].append(try value(selector, at: "\(path).proxyConnectHeader"))
            }
        }
        return result
    }
}

extension RemoteWrite {
    /// What a custom resource asks for. Throws ``FieldError`` for what would leave it without its credentials.
    init(_ spec: RemoteWriteSpec, _ sources: inout CredentialSources) throws(FieldError) {
        guard let url = spec.url, !url.isEmpty else { throw FieldError(FieldPath("url"), "is required") }
        self.init(url: url, name: spec.name.flatMap { $0.isEmpty ? nil : $0 })
        remoteTimeout = spec.remoteTimeout
        headers = spec.headers ?? [:]
        writeRelabelConfigs = (spec.writeRelabelConfigs ?? []).map { PrometheusConfig.RelabelConfig($0) }
        try authenticate(spec, &sources)
        tls = spec.tlsConfig.map { TLS($0, files: &sources.files) }
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
            basicAuth = BasicAuth(passwordFile: basic.password.map { sources.files.path($0) })
            if sources.version.readsUserNames {
                basicAuth?.usernameFile = basic.username.map { sources.files.path($0) }
            } else if let name = basic.username {
                basicAuth?.username = try sources.value(name, at: "basicAuth.username")
            }
        }
        if let spec = spec.authorization {
            guard let file = spec.credentials.map({ sources.files.path($0) }) ?? spec.credentialsFile else {
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
            "client_secret_file": JSON(sources.files.path(spec.clientSecret)),
            "token_url": JSON(spec.tokenUrl),
            "scopes": spec.scopes.flatMap { $0.isEmpty ? nil : JSON($0) } ?? .null,
            "endpoint_params": spec.endpointParams.flatMap { $0.isEmpty ? nil : JSON($0) } ?? .null,
            "proxy_url": spec.proxyUrl.map { JSON($0) } ?? .null,
            "no_proxy": spec.noProxy.map { JSON($0) } ?? .null,
            "proxy_from_environment": spec.proxyFromEnvironment.map { .bool($0) } ?? .null,
            "proxy_connect_header": headers.isEmpty
                ? .null
                : .object(.init(uniqueKeysWithValues: headers.sorted { $0.key < $1.key }.map { ($0, JSON($1)) })),
            "tls_config": spec.tlsConfig.map { TLS($0, files: &sources.files).json } ?? .null,
        ]
        return json.droppingNulls
    }

    /// Prometheus reads neither key from a file.
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

    /// Prometheus reads the client's secret from no file.
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

extension PrometheusVersion {
    /// Whether Prometheus reads the name of basic authentication from a file: from 2.46 on.
    fileprivate var readsUserNames: Bool { self >= PrometheusVersion(2, 46) }
}

extension PrometheusConfig.RelabelConfig {
    /// A rule; what is empty is not there, as in prometheus-operator.
    init(_ rule: RelabelSpec) {
        func given(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }
        self.init(
            sourceLabels: rule.sourceLabels ?? [], separator: rule.separator, targetLabel: given(rule.targetLabel),
            regex: given(rule.regex), modulus: rule.modulus.flatMap { $0 == 0 ? nil : UInt64(exactly: $0) },
            replacement: rule.replacement, action: given(rule.action)?.lowercased())
    }
}

extension RemoteWrite.TLS {
    init(_ spec: TLSConfig, files: inout FileMounts) {
        self.init(
            caFile: spec.ca.flatMap { files.path($0) } ?? spec.caFile,
            certFile: spec.cert.flatMap { files.path($0) } ?? spec.certFile,
            keyFile: spec.keySecret.map { files.path($0) } ?? spec.keyFile, serverName: spec.serverName,
            minVersion: spec.minVersion, maxVersion: spec.maxVersion, insecureSkipVerify: spec.insecureSkipVerify)
    }

    init(_ spec: SafeTLSConfig, files: inout FileMounts) {
        self.init(
            caFile: spec.ca.flatMap { files.path($0) }, certFile: spec.cert.flatMap { files.path($0) },
            keyFile: spec.keySecret.map { files.path($0) }, serverName: spec.serverName,
            minVersion: spec.minVersion, maxVersion: spec.maxVersion, insecureSkipVerify: spec.insecureSkipVerify)
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
