import Kube
import PlanningInput
import TributaryAPI

/// The tenants that a view's gateway serves: those that the view serves, except patterns, whose tenants have Tenants of
/// their own.
struct GatewayTenants {
    /// The tenants, sorted by name.
    private(set) var all: [GatewayTenant] = []
    /// After which time a former credential is no longer accepted or reads end; nil if there is none.
    private(set) var recheckAfter: Duration?

    init(of backend: any GatewayBackend, in snapshot: Snapshot) {
        let view = backend.view
        let limits = view.spec.gateway?.limits
        let sharesReads = view.sharesReadProxy
        let admission = TenantAdmission(snapshot: snapshot) { tenant, _ in backend.refusal(of: tenant) }
        // They are in the view's namespace.
        for key in snapshot.tenantKeys(of: view.metadata.key).sorted(by: { $0.name < $1.name }) {
            guard let tenant = snapshot.tenants[key], !tenant.isGlob, snapshot.specError(of: tenant) == nil,
                admission.problem(of: tenant, in: view) == nil
            else { continue }
            let offboarding = Offboarding(tenant, now: snapshot.now)
            guard offboarding?.refusesReads != true else { continue }
            if let left = offboarding?.readsUntil.since(snapshot.now) { recheck(after: left) }
            all.append(
                GatewayTenant(
                    id: tenant.id, user: tenant.metadata.name,
                    writeTokens: snapshot.acceptedTokens(.write, of: key),
                    readTokens: snapshot.acceptedTokens(.read, of: key),
                    certificateURIs: view.readsCertificateURIs ? tenant.spec.gateway?.certificateURIs ?? [] : [],
                    limits: tenant.spec.gateway?.limits?.merged(over: limits) ?? limits ?? GatewayLimits(),
                    refusesWrites: offboarding != nil, alsoSees: tenant.spec.read?.alsoSees ?? [],
                    readURL: sharesReads ? nil : backend.readURL(of: tenant)))
            for credential in (snapshot.credentials[key] ?? [:]).values {
                guard let left = credential.formerValidUntil?.since(snapshot.now), left > .zero else { continue }
                recheck(after: left)
            }
        }
    }

    private mutating func recheck(after time: Duration) { recheckAfter = min(recheckAfter ?? time, time) }

    /// The largest body of a request that some tenant may send, in bytes; each tenant has the view's limit unless it sets
    /// its own.
    func largestBody(_ limits: GatewayLimits?) -> Int64 {
        let sizes = Set(all.map(\.limits.maxBodySize)).union([limits?.maxBodySize])
        return sizes.map { $0.flatMap { Quantity($0.json)?.value } ?? GatewayLimits.defaultBodySize }.max()
            ?? GatewayLimits.defaultBodySize
    }
}

extension GatewayLimits {
    /// The size of the body of a request in bytes that is accepted without a limit of its own.
    static let defaultBodySize: Int64 = 16 << 20
}
