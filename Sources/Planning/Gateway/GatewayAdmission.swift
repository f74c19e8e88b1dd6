import Crypto

/// The tenants, and the tokens and URIs of certificates that the gateway knows.
struct GatewayAdmission {
    /// The tenants by id.
    private(set) var tenants: [GatewayTenant] = []
    /// The tokens and URIs of several tenants, which prove nothing.
    private var shared: Set<String> = []

    init(_ all: [GatewayTenant], _ problems: inout [GatewayProblem]) {
        for tenant in all.sorted(by: { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }) {
            guard GatewaySyntax.isID(tenant.id) else {
                problems.append(
                    GatewayProblem(
                        tenants: [tenant.id], field: "spec.id", reason: "InvalidID",
                        message: "should have 1 to 150 letters, digits and !_.*'()@:+=~-"))
                continue
            }
            guard tenants.last?.id != tenant.id else {
                problems.append(
                    GatewayProblem(
                        tenants: [tenant.id], field: "spec.id", reason: "DuplicateID",
                        message: "several Tenants have this id; only one of them can use the gateway"))
                continue
            }
            tenants.append(tenant)
            report(malformed: tenant.writeTokens, "writing", of: tenant, &problems)
            report(malformed: tenant.readTokens, "reading", of: tenant, &problems)
            for uri in tenant.certificateURIs where !CertificateURI.isPossible(uri.utf8) {
                problems.append(
                    GatewayProblem(
                        tenants: [tenant.id], field: "spec.gateway.certificateURIs", reason: "InvalidURI",
                        message:
                            "a URI of \(uri.utf8.count) bytes is not used; it should have a scheme, a colon, at most "
                            + "\(CertificateURI.lengths.upperBound) bytes and no dollar sign"))
            }
        }
        findShared(&problems)
    }

    /// The tokens of a tenant that prove its identity, with `w` and `r` for what they permit.
    func tokens(of tenant: GatewayTenant) -> [(token: String, flags: String)] {
        var found: [(token: String, flags: String)] = []
        for (tokens, flag) in [(tenant.writeTokens, "w"), (tenant.readTokens, "r")] {
            for token in tokens where GatewaySyntax.isToken(token) && !shared.contains(token) {
                guard let place = found.firstIndex(where: { $0.token == token }) else {
                    found.append((token, flag))
                    continue
                }
                if !found[place].flags.hasSuffix(flag) { found[place].flags += flag }
            }
        }
        return found
    }

    /// The URIs of certificates that prove a tenant's identity.
    func uris(of tenant: GatewayTenant) -> [String] {
        tenant.certificateURIs.filter { CertificateURI.isPossible($0.utf8) && !shared.contains($0) }
    }

    private func report(
        malformed tokens: [String], _ purpose: String, of tenant: GatewayTenant, _ problems: inout [GatewayProblem]
    ) {
        for token in tokens where !GatewaySyntax.isToken(token) {
            problems.append(
                GatewayProblem(
                    tenants: [tenant.id], reason: "InvalidCredential",
                    message: "the credential for \(purpose) has \(token.utf8.count) bytes and is not used; it should "
                        + "be 16 to 512 letters, digits and -._~+/="))
        }
    }

    /// Whether two of the tokens have the same hash, which costs less than to find out whose they are.
    private var mayShare: Bool {
        var hashes = Set<Int>(minimumCapacity: tenants.count * 2)
        return tenants.contains { tenant in
            tenant.writeTokens.contains { !hashes.insert($0.hashValue).inserted }
                || tenant.readTokens.contains { !hashes.insert($0.hashValue).inserted }
                || tenant.certificateURIs.contains { !hashes.insert($0.hashValue).inserted }
        }
    }

    /// A token or URI that several tenants have counts for none of them: whichever were chosen, another one could act as it.
    private mutating func findShared(_ problems: inout [GatewayProblem]) {
        guard mayShare else { return }
        var owners: [String: Int] = [:]
        owners.reserveCapacity(tenants.count * 4)
        var others: [String: Set<Int>] = [:]
        for (index, tenant) in tenants.enumerated() {
            for tokens in [tenant.writeTokens, tenant.readTokens, tenant.certificateURIs] {
                for token in tokens {
                    guard let owner = owners.updateValue(index, forKey: token), owner != index else { continue }
                    others[token, default: []].formUnion([owner, index])
                }
            }
        }
        shared = Set(others.keys)
        for group in Set(others.values).map({ $0.sorted() }).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let ids = group.map { tenants[$0].id }
            problems.append(
                GatewayProblem(
                    tenants: ids, reason: "SharedCredential",
                    message:
                        "the tenants \(ids.joined(separator: ", ")) have one credential or certificate URI, which is "
                        + "accepted for none of them; each needs its own"))
        }
    }
}
