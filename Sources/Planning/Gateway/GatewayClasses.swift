import Kube
import TributaryAPI

/// The limits of some tenants at the gateway, which share locations of nginx.
struct GatewayClass: Hashable {
    /// The most bytes of a body.
    let bodyBytes: Int64
    /// The requests in a second; 0 for any number.
    let requestsPerSecond: Int
    /// The requests at the same time; 0 for any number.
    let concurrentRequests: Int

    /// The name, which depends on nothing but the limits.
    let name: String

    static let usualBodyBytes: Int64 = 16 << 20

    /// The class for limits. An invalid size counts as absent.
    init(_ limits: GatewayLimits) {
        let bytes = limits.maxBodySize.flatMap { Quantity($0.json) }?.value ?? 0
        bodyBytes = bytes > 0 ? min(bytes, 1 << 40) : Self.usualBodyBytes
        requestsPerSecond = min(max(limits.requestsPerSecond ?? 0, 0), 1_000_000)
        concurrentRequests = min(max(limits.concurrentRequests ?? 0, 0), 65_535)
        name = "\(bodyBytes)-\(requestsPerSecond)-\(concurrentRequests)"
    }
}

/// The classes of limits that tenants have.
struct GatewayClasses {
    /// The most classes: each one is two locations of nginx.
    static let most = 100

    /// The class of tenants whose own limits are left out.
    let usual: GatewayClass
    /// All classes, by name.
    let all: [GatewayClass]
    /// The classes by what tenants have, since thousands have the same limits.
    private let byLimits: [GatewayLimits: GatewayClass]

    /// The classes of the most tenants. Tenants of further ones get the view's limits.
    init(_ tenants: [GatewayTenant], defaults: GatewayLimits, _ problems: inout [GatewayProblem]) {
        let usual = GatewayClass(defaults)
        var byLimits: [GatewayLimits: GatewayClass] = [:]
        var counts: [GatewayClass: Int] = [:]
        for tenant in tenants {
            let own = byLimits[tenant.limits] ?? GatewayClass(tenant.limits)
            byLimits[tenant.limits] = own
            counts[own, default: 0] += 1
        }
        counts[usual] = nil
        let ranked = counts.sorted { ($1.value, $0.key.name) < ($0.value, $1.key.name) }.map(\.key)
        let kept = Set(ranked.prefix(Self.most - 1) + [usual])
        byLimits = byLimits.filter { kept.contains($0.value) }
        if ranked.count >= Self.most {
            let others = tenants.filter { byLimits[$0.limits] == nil }.map(\.id).sorted()
            problems.append(
                GatewayProblem(
                    tenants: others, field: "spec.gateway.limits", reason: "TooManyLimits",
                    message: "the view's limits are used: the gateway distinguishes at most \(Self.most) combinations "
                        + "of limits, and there are \(ranked.count + 1)"))
        }
        self.usual = usual
        self.byLimits = byLimits
        all = kept.sorted { $0.name < $1.name }
    }

    /// The class of a tenant.
    func of(_ tenant: GatewayTenant) -> GatewayClass { byLimits[tenant.limits] ?? usual }
}
