import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// The credentials of remote writes: mounted files, or values in the configuration's Secret where Prometheus cannot
/// read them from a file.
///
/// A file that Prometheus reads with each request may be missing: Prometheus retries until it exists. A file that
/// Prometheus reads when it loads its configuration must exist first.
struct CredentialSources {
    let version: PrometheusVersion
    /// The agent's namespace, in which all Secrets and ConfigMaps that it refers to are.
    let namespace: String
    var files: FileMounts
    var credentials: CredentialResolver
    /// The missing credentials that Prometheus can do without for now.
    private var awaited: [FieldError] = []
    /// Whether a credential is missing without which the configuration cannot be loaded.
    private var isLacking = false

    init(version: PrometheusVersion, namespace: String, files: FileMounts, credentials: CredentialResolver) {
        self.version = version
        self.namespace = namespace
        self.files = files
        self.credentials = credentials
    }

    /// The credentials found missing since the last call, and whether one of them prevents the configuration.
    mutating func takeMissing() -> (awaited: [FieldError], isLacking: Bool) {
        defer {
            awaited = []
            isLacking = false
        }
        return (awaited, isLacking)
    }

    private func reference(_ kind: CredentialReference.Kind, _ selector: KeySelector) -> CredentialReference {
        CredentialReference(kind, namespace: namespace, name: selector.name, key: selector.key)
    }

    /// The reference of a source and the field that holds it; nil if the source names neither a Secret nor a ConfigMap.
    private func reference(
        _ source: SecretOrConfigMap, at path: String
    ) -> (reference: CredentialReference, path: FieldPath)? {
        if let secret = source.secret { return (reference(.secret, secret), FieldPath("\(path).secret")) }
        return source.configMap.map { (reference(.configMap, $0), FieldPath("\(path).configMap")) }
    }

    // MARK: - Values

    /// The value of a Secret's key, trimmed as Prometheus trims files.
    mutating func value(_ selector: KeySelector, at path: String) throws(FieldError) -> String {
        try value(reference(.secret, selector), at: FieldPath(path))
    }

    /// The value of a Secret's or a ConfigMap's key.
    mutating func value(_ source: SecretOrConfigMap, at path: String) throws(FieldError) -> String {
        guard let found = reference(source, at: path) else { throw FieldError(FieldPath(path), "is required") }
        return try value(found.reference, at: found.path)
    }

    private mutating func value(_ reference: CredentialReference, at path: FieldPath) throws(FieldError) -> String {
        do throws(FieldError) {
            return try credentials.trimmedValue(reference, at: path)
        } catch {
            isLacking = true
            throw error
        }
    }

    /// The headers for a proxy.
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

    // MARK: - Files

    /// The path of a file that Prometheus reads with each request.
    mutating func file(_ selector: KeySelector, at path: String) -> String {
        wait(for: reference(.secret, selector), at: FieldPath(path))
        return files.path(selector)
    }

    private mutating func file(_ source: SecretOrConfigMap, at path: String) -> String? {
        if let found = reference(source, at: path) { wait(for: found.reference, at: found.path) }
        return files.path(source)
    }

    private mutating func wait(for reference: CredentialReference, at path: FieldPath) {
        do throws(FieldError) {
            try credentials.require(reference, at: path)
        } catch {
            awaited.append(error)
        }
    }

    /// The TLS settings if Prometheus reads the files with each request.
    mutating func tls(_ spec: SafeTLSConfig, at path: String) -> RemoteWrite.TLS {
        RemoteWrite.TLS(
            caFile: spec.ca.flatMap { file($0, at: "\(path).ca") },
            certFile: spec.cert.flatMap { file($0, at: "\(path).cert") },
            keyFile: spec.keySecret.map { file($0, at: "\(path).keySecret") }, serverName: spec.serverName,
            minVersion: spec.minVersion, maxVersion: spec.maxVersion, insecureSkipVerify: spec.insecureSkipVerify)
    }

    /// The TLS settings if Prometheus refuses a configuration whose files it cannot load. Throws ``FieldError`` if a
    /// file is missing or invalid.
    mutating func loadedTLS(_ spec: TLSConfig, at path: String) throws(FieldError) -> RemoteWrite.TLS {
        RemoteWrite.TLS(
            caFile: try certificate(spec.ca, at: "\(path).ca") ?? spec.caFile,
            certFile: try certificate(spec.cert, at: "\(path).cert") ?? spec.certFile,
            keyFile: try key(spec.keySecret, at: "\(path).keySecret") ?? spec.keyFile, serverName: spec.serverName,
            minVersion: spec.minVersion, maxVersion: spec.maxVersion, insecureSkipVerify: spec.insecureSkipVerify)
    }

    private mutating func certificate(_ source: SecretOrConfigMap?, at path: String) throws(FieldError) -> String? {
        guard let source, let found = reference(source, at: path) else { return nil }
        try load(found.reference, .certificate, at: found.path)
        return files.path(source, isLoaded: true)
    }

    private mutating func key(_ selector: KeySelector?, at path: String) throws(FieldError) -> String? {
        guard let selector else { return nil }
        try load(reference(.secret, selector), .privateKey, at: FieldPath(path))
        return files.path(selector, isLoaded: true)
    }

    private mutating func load(
        _ reference: CredentialReference, _ block: PEMBlock, at path: FieldPath
    ) throws(FieldError) {
        do throws(FieldError) {
            try credentials.require(reference, block, at: path)
        } catch {
            isLacking = true
            throw error
        }
    }

    // MARK: - Mounts

    /// Mounts all files that a remote write reads, whether they exist or not: so pods are not recreated when a
    /// credential appears or disappears. Without a volume, recreated pods would start with an empty write-ahead log.
    mutating func mount(_ spec: RemoteWriteSpec) {
        let names = version.readsUserNames ? spec.basicAuth?.username : nil
        for selector in [
            names, spec.basicAuth?.password, spec.authorization?.credentials, spec.oauth2?.clientSecret,
            spec.oauth2?.tlsConfig?.keySecret,
        ].compactMap(\.self) {
            files.path(selector)
        }
        for source in [spec.oauth2?.tlsConfig?.ca, spec.oauth2?.tlsConfig?.cert].compactMap(\.self) {
            files.path(source)
        }
        if let tls = spec.tlsConfig { mount(tls) }
    }

    /// Mounts the files of a TLS configuration, whether they exist or not.
    mutating func mount(_ spec: TLSConfig) {
        for source in [spec.ca, spec.cert].compactMap(\.self) { files.path(source, isLoaded: true) }
        if let key = spec.keySecret { files.path(key, isLoaded: true) }
    }

    /// Records what the agent's own web server needs. Pods do not start without it.
    mutating func need(_ tls: WebTLSConfig, at path: String) {
        for (name, source) in [("cert", tls.cert), ("client_ca", tls.client_ca)] {
            guard let source, let found = reference(source, at: "\(path).\(name)") else { continue }
            wait(for: found.reference, at: found.path)
        }
        wait(for: reference(.secret, tls.keySecret), at: FieldPath("\(path).keySecret"))
    }
}

extension PrometheusVersion {
    /// Whether Prometheus reads the user name of basic authentication from a file: from 2.49 on.
    var readsUserNames: Bool { self >= PrometheusVersion(2, 49) }
}
