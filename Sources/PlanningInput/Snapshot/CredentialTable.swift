import Kube
package import PrometheusConfig
package import TributaryAPI

/// The Secrets of tenants' credentials, by what plans look them up by.
struct CredentialTable: Sendable {
    /// What the Secrets hold that Tributary has made.
    var made: [ObjectKey: [CredentialPurpose: TenantCredential]] = [:]
    /// The last tokens of such Secrets that are gone, so that others replace them.
    var lost: [ObjectKey: [CredentialPurpose: String]] = [:]
    /// The tenants that name a Secret of others.
    private(set) var naming: [CredentialSource: Set<ObjectKey>] = [:]
    /// The global views whose pods mount a Secret of others.
    private(set) var views: [CredentialSource: Set<ObjectKey>] = [:]
    /// The tenants by their valid tokens.
    var tokens = TokenIndex()

    mutating func remove(_ tenant: Tenant) {
        for source in tenant.credentialSources { naming.remove(tenant.metadata.key, from: source) }
    }

    mutating func insert(_ tenant: Tenant) {
        for source in tenant.credentialSources { naming[source, default: []].insert(tenant.metadata.key) }
    }

    mutating func remove(_ view: GlobalView) {
        for source in view.mountedSources { views.remove(view.metadata.key, from: source) }
    }

    mutating func insert(_ view: GlobalView) {
        for source in view.mountedSources { views[source, default: []].insert(view.metadata.key) }
    }
}

extension Tenant {
    /// The key of a Secret of others that holds a credential; nil for a credential that Tributary makes.
    package func credentialReference(_ purpose: CredentialPurpose) -> CredentialReference? {
        let selector = purpose == .write ? spec.credentials?.writeSecretRef : spec.credentials?.readSecretRef
        return selector.map {
            CredentialReference(
                .secret, namespace: metadata.namespace ?? "default", name: $0.name, key: $0.key)
        }
    }

    /// The Secrets of others that hold its credentials.
    package var credentialSources: Set<CredentialSource> {
        Set(CredentialPurpose.allCases.compactMap { credentialReference($0).map { CredentialSource(of: $0) } })
    }
}

extension GlobalView {
    /// The key of a Secret with the authorities that sign client certificates; nil without them.
    package var clientAuthorities: CredentialReference? {
        spec.gateway?.authentication?.clientCertificates.map { secretKey($0.caSecretRef.name, $0.caSecretRef.key) }
    }

    /// The keys of the Secret with the certificate of the gateway; nil without TLS.
    package var gatewayCertificate: (certificate: CredentialReference, key: CredentialReference)? {
        spec.gateway?.tls.map { (secretKey($0.secretName, "tls.crt"), secretKey($0.secretName, "tls.key")) }
    }

    /// The keys of the Secret with the certificate of all parts of Thanos, and the authority; nil without TLS.
    package var thanosCertificate:
        (certificate: CredentialReference, key: CredentialReference, authorities: CredentialReference)?
    {
        thanosTLSSecretName.map { (secretKey($0, "tls.crt"), secretKey($0, "tls.key"), secretKey($0, "ca.crt")) }
    }

    /// The authorities with which the certificate of the central Prometheus is checked; nil without TLS.
    package var centralAuthorities: CredentialReference? {
        prometheusAuthorities.flatMap { reference(to: $0) }
    }

    /// The keys of the Secrets with the user name and the password of the central Prometheus; nil if it asks for none.
    package var centralLogin: (username: CredentialReference, password: CredentialReference)? {
        prometheusLogin.map {
            (secretKey($0.username.name, $0.username.key), secretKey($0.password.name, $0.password.key))
        }
    }

    /// What the plan of the view reads of Secrets and ConfigMaps of others, and cannot do without.
    package var neededCredentials: [CredentialReference] {
        [
            clientAuthorities, gatewayCertificate?.certificate, thanosCertificate?.certificate, centralAuthorities,
            centralLogin?.username, centralLogin?.password,
        ].compactMap(\.self)
    }

    /// The Secrets and ConfigMaps of others that pods of the view mount and its plan reads.
    package var mountedSources: Set<CredentialSource> {
        Set(neededCredentials.map { CredentialSource(of: $0) })
    }

    /// A key of a Secret or ConfigMap in the namespace of the view; nil if neither is named.
    package func reference(to source: SecretOrConfigMap) -> CredentialReference? {
        if let secret = source.secret { return secretKey(secret.name, secret.key) }
        return source.configMap.map {
            CredentialReference(
                .configMap, namespace: metadata.namespace ?? "default", name: $0.name, key: $0.key)
        }
    }

    private func secretKey(_ name: String, _ key: String) -> CredentialReference {
        CredentialReference(.secret, namespace: metadata.namespace ?? "default", name: name, key: key)
    }
}
