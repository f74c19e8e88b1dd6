package import Kube
import PrometheusConfig
package import TributaryAPI

/// What is known of a credential of a tenant.
package enum CredentialFinding: Sendable, Hashable {
    case valid(TenantCredential)
    /// There is no Secret yet.
    case none
    /// There is no Secret or no key of the name that the tenant gives.
    case missing(String)
    /// The Secret holds no credential; the text says what was found and what would be right.
    case invalid(String)
    /// No watch has shown yet whether there is one.
    case unknown
}

/// The credentials of tenants: how plans look them up, and what a change of one concerns.
extension Snapshot {
    // MARK: - Reading

    /// What the Secret holds that Tributary has made for a credential; nil if there is none.
    package func madeCredential(_ purpose: CredentialPurpose, of tenant: ObjectKey) -> TenantCredential? {
        credentialTable.made[tenant]?[purpose]
    }

    /// The token of the former Secret of a credential, which was deleted; nil if none was.
    package func lostToken(_ purpose: CredentialPurpose, of tenant: ObjectKey) -> String? {
        credentialTable.lost[tenant]?[purpose]
    }

    /// What is known of a credential of a tenant.
    package func finding(_ purpose: CredentialPurpose, of tenant: Tenant) -> CredentialFinding {
        guard let reference = tenant.credentialReference(purpose) else {
            guard let made = madeCredential(purpose, of: tenant.metadata.key) else { return .none }
            return made.problem.map { .invalid($0) } ?? .valid(made)
        }
        switch monitoring.find(reference) {
        case .unknown: return .unknown
        case .assumed: return .none
        case .value(let bytes):
            do throws(CredentialToken.Malformed) {
                return .valid(TenantCredential(token: try CredentialToken.read(bytes), validSince: nil))
            } catch {
                return .invalid(error.description)
            }
        case .missing(let reason):
            guard case .missing(let detailed) = monitoring.found(reference, listingKeys: true) else {
                return .missing(reason)
            }
            return .missing(detailed)
        }
    }

    /// The tenants of the same global view that have a token in common with a tenant, with the purpose of that tenant's
    /// credential, sorted.
    package func sharing(_ key: ObjectKey) -> [(purpose: CredentialPurpose, other: ObjectKey)] {
        guard let own = credentials[key], let view = tenants[key]?.globalViewKey else { return [] }
        return CredentialPurpose.allCases.flatMap { purpose -> [(CredentialPurpose, ObjectKey)] in
            guard let credential = own[purpose] else { return [] }
            let candidates = credential.tokens.reduce(into: Set<ObjectKey>()) {
                $0.formUnion(credentialTable.tokens.candidates($1))
            }
            return candidates.filter { other in
                other != key && tenants[other]?.globalViewKey == view
                    && (credentials[other] ?? [:]).values.contains { $0.shares(credential) }
            }.sorted().map { (purpose, $0) }
        }
    }

    /// The tokens that prove at this time that a caller is a tenant, the newest first: none of a credential that another
    /// tenant of the view has as well.
    package func acceptedTokens(_ purpose: CredentialPurpose, of tenant: ObjectKey) -> [String] {
        guard let credential = credentials[tenant]?[purpose] else { return [] }
        // A view's plan asks for the tokens of thousands of tenants, of which seldom any are shared.
        guard !credentialTable.tokens.hasShared || !sharing(tenant).contains(where: { $0.purpose == purpose }) else {
            return []
        }
        return credential.accepted(at: now)
    }

    /// The Secrets of others with credentials of a view's tenants, or with certificates of its pods, that no watch has
    /// shown yet. Until then the view stays as it is.
    package func awaitedCredentials(of view: ObjectKey) -> Set<CredentialSource> {
        let awaited = (globalViews[view]?.neededCredentials ?? []).filter { monitoring.find($0) == .unknown }
        let mounted = Set(awaited.map { CredentialSource(of: $0) })
        // Without a gateway, nobody reads the credentials of tenants.
        guard globalViews[view]?.spec.gateway != nil else { return mounted }
        return mounted.union(
            credentialTable.naming.filter { _, keys in
                keys.contains { key in
                    guard let tenant = tenants[key], tenant.globalViewKey == view else { return false }
                    return CredentialPurpose.allCases.contains { finding($0, of: tenant) == .unknown }
                }
            }.keys)
    }

    /// The Secrets of others that tenants name, and views for their pods.
    package var namedCredentials: Set<CredentialSource> {
        Set(credentialTable.naming.keys).union(credentialTable.views.keys)
    }

    /// The custom resources whose plans read a Secret or ConfigMap.
    package func keys(reading source: CredentialSource) -> Set<PlanKey> {
        let readers = plans(reading: source).union(views(mounting: source)).union(views(storingBy: source))
        return (credentialTable.naming[source] ?? []).reduce(into: readers) {
            $0.formUnion(concerned(byCredentialsOf: $1))
        }
    }

    // MARK: - What a change concerns

    /// A credential concerns its tenant, the global view, the agents that write as the tenant, and the tenants that have
    /// or had the same token.
    mutating func takeTenantCredential(
        _ credential: TenantCredential?, _ purpose: CredentialPurpose, of tenant: ObjectKey
    ) -> Set<PlanKey> {
        let old = credentialTable.made[tenant]?[purpose]
        guard old != credential else { return [] }
        credentialTable.made[tenant, default: [:]][purpose] = credential
        if credentialTable.made[tenant]?.isEmpty == true { credentialTable.made[tenant] = nil }
        if credential != nil {
            credentialTable.lost[tenant]?[purpose] = nil
        } else if let old, tenants[tenant] != nil {
            credentialTable.lost[tenant, default: [:]][purpose] = old.token
        }
        if credentialTable.lost[tenant]?.isEmpty == true { credentialTable.lost[tenant] = nil }
        return refreshCredentials(of: tenant)
    }

    /// Takes in what a tenant that is new, has changed or is gone says of its credentials.
    mutating func takeCredentials(of key: ObjectKey, _ old: Tenant?, _ new: Tenant?) -> Set<PlanKey> {
        if let old { credentialTable.remove(old) }
        if let new { credentialTable.insert(new) }
        if new == nil { credentialTable.lost[key] = nil }
        return refreshCredentials(of: key)
    }

    /// Takes in what a Secret of others holds now.
    mutating func refreshCredentials(in source: CredentialSource) -> Set<PlanKey> {
        (credentialTable.naming[source] ?? []).reduce(into: views(mounting: source)) {
            $0.formUnion(refreshCredentials(of: $1))
        }
    }

    /// The global views whose pods mount a Secret.
    private func views(mounting source: CredentialSource) -> Set<PlanKey> {
        Set((credentialTable.views[source] ?? []).map(PlanKey.globalView))
    }

    private mutating func refreshCredentials(of key: ObjectKey) -> Set<PlanKey> {
        var keys = concerned(byCredentialsOf: key)
        let old = credentials[key] ?? [:]
        var new: [CredentialPurpose: TenantCredential] = [:]
        if let tenant = tenants[key] {
            for purpose in CredentialPurpose.allCases {
                if case .valid(let credential) = finding(purpose, of: tenant) { new[purpose] = credential }
            }
        }
        credentialTable.tokens.replace(old.values, with: new.values, of: key)
        credentials[key] = new.isEmpty ? nil : new
        keys.formUnion(concerned(byCredentialsOf: key))
        return keys
    }

    private func concerned(byCredentialsOf key: ObjectKey) -> Set<PlanKey> {
        var keys: Set<PlanKey> = [.tenant(key)]
        if let view = tenants[key]?.globalViewKey, globalViews[view]?.spec.gateway != nil {
            keys.insert(.globalView(view))
        }
        keys.formUnion(agents(sendingTo: [key]))
        keys.formUnion(sharing(key).map { .tenant($0.other) })
        return keys
    }
}
