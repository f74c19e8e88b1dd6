public import Kube

/// A credential of a tenant, as its Secret holds it.
public struct TenantCredential: Sendable, Hashable {
    /// The bearer token; empty if there is a ``problem``.
    public var token: String
    /// The time since when it is valid; nil if the Secret does not say.
    public var validSince: Timestamp?
    /// The former token, which is accepted until ``formerValidUntil``.
    public var former: String?
    /// The time until when the former token is accepted.
    public var formerValidUntil: Timestamp?
    /// The value of the annotation on the Tenant that the credential was made for.
    public var rotatedFor: String?
    /// Whether somebody has replaced the token by hand.
    public var isEdited = false
    /// Why the Secret holds no credential: what was found and what would be right, without any value; nil for a valid one.
    public var problem: String?

    /// A credential.
    public init(
        token: String, validSince: Timestamp?, former: String? = nil, formerValidUntil: Timestamp? = nil,
        rotatedFor: String? = nil
    ) {
        self.token = token
        self.validSince = validSince
        self.former = former
        self.formerValidUntil = formerValidUntil
        self.rotatedFor = rotatedFor
    }

    /// The tokens that are accepted at a time, the newest first.
    public func accepted(at now: Timestamp) -> [String] {
        guard let former, let formerValidUntil, formerValidUntil.since(now) > .zero else { return [token] }
        return [token, former]
    }

    /// The longest time that a kubelet takes to renew the files of a gateway that was not annotated.
    private static let longestRenewal = Duration.seconds(120)

    /// After which time clients should get the token: not before every gateway accepts it. Until then, they get the former
    /// one. Nil if they should get the token now.
    ///
    /// Kubelets renew volumes in any order. A client that has the token before the gateway gets 401, after which
    /// Prometheus drops what it was to send.
    public func waits(at now: Timestamp) -> Duration? {
        guard accepted(at: now).count > 1, let validSince, let formerValidUntil else { return nil }
        let wait = min(Self.longestRenewal, formerValidUntil.since(validSince) / 3)
        let left = validSince.advanced(by: wait).since(now)
        // A start in the future can only come from another clock, or from a hand.
        return left > .zero && left <= wait ? left : nil
    }

    /// The token that clients should get at a time; see ``waits(at:)``.
    public func handedOut(at now: Timestamp) -> String {
        waits(at: now) == nil ? token : former ?? token
    }
}
