import Kube
import PlanningInput
import TributaryAPI

/// The tenants that a view's gateway serves: those that the view serves, except patterns, whose tenants have Tenants of
/// their own.
struct GatewayTenants {
    /// The tenants, sorted by name.
    private(set) var all: [GatewayTenant] = []
    private(set) var problems: [Diagnostic] = []
    /// After which time a former credential is no longer accepted; nil if there is none.
    private(set) var recheckAfter: Duration?

    init(of backend: any GatewayBackend, in snapshot: Snapshot) {
        let view = backend.view
        let limits = view.spec.gateway?.limits
        let admission = TenantAdmission(snapshot: snapshot) { tenant, _ in backend.refusal(of: tenant) }
        var owners: [(created: String, name: String)] = []
        for key in snapshot.tenantKeys(of: view.metadata.key).sorted() {
            guard let tenant = snapshot.tenants[key], !tenant.isGlob, admission.problem(of: tenant) == nil else {
                continue
            }
            let credentials = snapshot.credentials[key] ?? [:]
            all.append(
                GatewayTenant(
                    id: tenant.id, user: tenant.metadata.name,
                    writeTokens: credentials[.write]?.accepted(at: snapshot.now) ?? [],
                    readTokens: credentials[.read]?.accepted(at: snapshot.now) ?? [],
                    limits: tenant.spec.gateway?.limits?.merged(over: limits) ?? limits ?? GatewayLimits(),
                    refusesWrites: tenant.spec.offboarding != nil, alsoSees: tenant.spec.read?.alsoSees ?? [],
                    writeURL: backend.writeURL(of: tenant), readURL: backend.readURL(of: tenant)))
            owners.append((tenant.metadata.creationTimestamp ?? "", tenant.metadata.name))
            for credential in credentials.values {
                guard let left = credential.formerValidUntil?.since(snapshot.now), left > .zero else { continue }
                recheckAfter = min(recheckAfter ?? left, left)
            }
        }
        dropSharedTokens(owners, about: .globalView(view.metadata.key))
    }

    /// Removes tokens that an older tenant has: a caller with such a token could be either.
    ///
    /// nginx compares without regard to case before the exact comparison, so tokens that differ only in case count as the
    /// same.
    private mutating func dropSharedTokens(_ owners: [(created: String, name: String)], about view: PlanKey) {
        var first: [String: Int] = [:]
        first.reserveCapacity(all.count * 2)
        for index in all.indices {
            for token in all[index].writeTokens + all[index].readTokens {
                let key = token.lowercased()
                guard let other = first[key], other != index else {
                    first[key] = index
                    continue
                }
                let (older, newer) = owners[other] <= owners[index] ? (other, index) : (index, other)
                first[key] = older
                all[newer].writeTokens.removeAll { $0.lowercased() == key }
                all[newer].readTokens.removeAll { $0.lowercased() == key }
                problems.append(
                    .warning(
                        view, nil, "SharedCredential",
                        "Tenant \"\(owners[newer].name)\" has a credential of Tenant \"\(owners[older].name)\", which is "
                            + "older and keeps it; give \"\(owners[newer].name)\" one of its own"))
            }
        }
    }

    /// The largest body of a request that some tenant may send, in bytes.
    var largestBody: Int64 {
        let given = Set(all.map(\.limits.maxBodySize)).compactMap { $0 }.compactMap { Quantity($0.json)?.value }
        let others = all.contains { $0.limits.maxBodySize == nil } ? [GatewayLimits.defaultBodySize] : []
        return (given + others).max() ?? GatewayLimits.defaultBodySize
    }
}

extension GatewayLimits {
    /// The size of the body of a request in bytes that is accepted without a limit of its own.
    static let defaultBodySize: Int64 = 16 << 20
}
