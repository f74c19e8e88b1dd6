import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// Where the credentials of what an agent sends to come from: files that are mounted, and for what Prometheus reads from
/// no file, values that stand in the configuration's Secret.
///
/// What Prometheus reads with each request it goes on without, trying again until it is there; what it needs to load its
/// configuration has to be there before.
struct CredentialSources {
    let version: PrometheusVersion
    /// The agent's namespace, which all that it refers to is in.
    let namespace: String
    var files: FileMounts
    var credentials: CredentialResolver
    /// What is not there, and what Prometheus goes on without for now.
    private var awaited: [FieldError] = []
    /// Whether something is not there that a configuration cannot be without.
    private var isLacking = false

    init(version: PrometheusVersion, namespace: String, files: FileMounts, credentials: CredentialResolver) {
        self.version = version
        self.namespace = namespace
        self.files = files
        self.credentials = credentials
    }

    /// What was found missing since this was asked last, and whether it kept something from being configured.
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

    /// What a source refers to, and the field that does; nil where it names neither.
    private func reference(
        _ source: SecretOrConfigMap, at path: String
    ) -> (reference: CredentialReference, path: FieldPath)? {
        if let secret = source.secret { return (reference(.secret, secret), FieldPath("\(path).secret")) }
        return source.configMap.map { (reference(.configMap, $0), FieldPath("\(path).configMap")) }
    }

    // MARK: - Values

    /// The value of a Secret's key, without the space around it, as Prometheus reads files.
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

    // MARK: - Files

    /// The path of a file that is read with each request.
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

    /// How TLS is spoken where Prometheus reads the files with each request.
    mutating func tls(_ spec: SafeTLSConfig, at path: String) -> RemoteWrite.TLS {
        RemoteWrite.TLS(
            caFile: spec.ca.flatMap { file($0, at: "\(path).ca") },
            certFile: spec.cert.flatMap { file($0, at: "\(path).cert") },
            keyFile: spec.keySecret.map { file($0, at: "\(path).keySecret") }, serverName: spec.serverName,
            minVersion: spec.minVersion, maxVersion: spec.maxVersion, insecureSkipVerify: spec.insecureSkipVerify)
    }

    /// How TLS is spoken where Prometheus refuses a configuration whose files it cannot load: throws ``FieldError`` where
    /// one is not there, or is none.
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

    /// Mounts all that a place to send to reads from files, whether it is there or not: that it comes or goes makes no
    /// other pod, which would begin with an empty write-ahead log where that is on no volume.
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

    /// Mounts the files of a TLS configuration, whether they are there or not.
    mutating func mount(_ spec: TLSConfig) {
        for source in [spec.ca, spec.cert].compactMap(\.self) { files.path(source, isLoaded: true) }
        if let key = spec.keySecret { files.path(key, isLoaded: true) }
    }

    /// Notes what the agent's own web server needs: pods do not start without.
    mutating func need(_ tls: WebTLSConfig, at path: String) {
        for (name, source) in [("cert", tls.cert), ("client_ca", tls.client_ca)] {
            guard let source, let found = reference(source, at: "\(path).\(name)") else { continue }
            wait(for: found.reference, at: found.path)
        }
        wait(for: reference(.secret, tls.keySecret), at: FieldPath("\(path).keySecret"))
    }
}

extension PrometheusVersion {
    /// Whether Prometheus reads the name of basic authentication from a file: from 2.46 on.
    var readsUserNames: Bool { self >= PrometheusVersion(2, 46) }
}
