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
    /// The tenants by their valid tokens.
    var tokens = TokenIndex()

    mutating func remove(_ tenant: Tenant) {
        for source in tenant.credentialSources { naming.remove(tenant.metadata.key, from: source) }
    }

    mutating func insert(_ tenant: Tenant) {
        for source in tenant.credentialSources { naming[source, default: []].insert(tenant.metadata.key) }
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
