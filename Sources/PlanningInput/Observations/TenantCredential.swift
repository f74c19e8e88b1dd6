package import Kube

/// A credential of a tenant, as its Secret holds it.
public struct TenantCredential: Sendable, Hashable {
    /// The bearer token.
    package var token: String
    /// The time since when it is valid.
    package var validSince: Timestamp
    /// The former token, which is accepted until ``formerValidUntil``.
    package var former: String?
    package var formerValidUntil: Timestamp?

    /// A credential.
    package init(
        token: String, validSince: Timestamp, former: String? = nil, formerValidUntil: Timestamp? = nil
    ) {
        self.token = token
        self.validSince = validSince
        self.former = former
        self.formerValidUntil = formerValidUntil
    }

    /// The tokens that are accepted at a time, the newest first.
    package func accepted(at now: Timestamp) -> [String] {
        guard let former, let formerValidUntil, formerValidUntil.since(now) > .zero else { return [token] }
        return [token, former]
    }
}
