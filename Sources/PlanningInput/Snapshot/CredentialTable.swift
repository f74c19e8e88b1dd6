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
    /// The global views whose gateway mounts a Secret.
    private(set) var gateways: [CredentialSource: Set<ObjectKey>] = [:]
    /// The tenants by their valid tokens.
    var tokens = TokenIndex()

    mutating func remove(_ tenant: Tenant) {
        for source in tenant.credentialSources { naming.remove(tenant.metadata.key, from: source) }
    }

    mutating func insert(_ tenant: Tenant) {
        for source in tenant.credentialSources { naming[source, default: []].insert(tenant.metadata.key) }
    }

    mutating func remove(_ view: GlobalView) {
        for source in view.gatewaySources { gateways.remove(view.metadata.key, from: source) }
    }

    mutating func insert(_ view: GlobalView) {
        for source in view.gatewaySources { gateways[source, default: []].insert(view.metadata.key) }
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

    /// The Secrets of others that the gateway mounts.
    package var gatewaySources: Set<CredentialSource> {
        Set([clientAuthorities, gatewayCertificate?.certificate].compactMap { $0.map { CredentialSource(of: $0) } })
    }

    private func secretKey(_ name: String, _ key: String) -> CredentialReference {
        CredentialReference(.secret, namespace: metadata.namespace ?? "default", name: name, key: key)
    }
}
