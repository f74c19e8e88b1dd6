import Crypto
import Kube
import PlanningInput

/// Decides what the Secret of a credential holds next: the same, a new token beside the former one, or the new one alone.
///
/// Nothing is remembered between plans. The Secret has the times and the mark of the last rotation, and a new token follows
/// from the process's random bytes and the former token, so that plans of one snapshot agree.
struct CredentialRotation {
    var purpose: CredentialPurpose
    var tenant: ObjectKey
    var tenantUID: String
    /// After which time another token replaces one; nil for never.
    var every: Duration?
    /// How long the former token is accepted.
    var overlap: Duration
    /// The value of the Tenant's annotation that asks for a rotation whenever it changes.
    var mark: String?
    /// The random bytes that tokens are made from; nil if none can be made.
    var entropy: [UInt8]?
    var now: Timestamp

    /// What the Secret should hold; nil if there is nothing yet and nothing can be made. `lost` is the token of a former
    /// Secret that was deleted.
    func next(after current: TenantCredential?, lost: String? = nil) -> TenantCredential? {
        guard var result = current else {
            return token(after: lost ?? "").map {
                TenantCredential(token: $0, validSince: now, rotatedFor: mark)
            }
        }
        if result.isEdited || result.validSince == nil { result.validSince = now }
        if isDue(result), let token = token(after: result.token) {
            result = TenantCredential(
                token: token, validSince: now, former: overlap > .zero ? result.token : nil,
                formerValidUntil: overlap > .zero ? now.advanced(by: overlap) : nil,
                rotatedFor: mark ?? result.rotatedFor)
        } else if result.accepted(at: now).count == 1 {
            result.former = nil
            result.formerValidUntil = nil
        }
        result.isEdited = false
        return result
    }

    /// After which time the Secret should hold something else; nil for never.
    func recheck(_ credential: TenantCredential) -> Duration? {
        let times = [
            credential.formerValidUntil,
            every.flatMap { every in credential.validSince.map { $0.advanced(by: every) } },
        ]
        // A second more, since annotations have whole seconds. Once a day is often enough for times that are far away.
        return times.compactMap(\.self).map { max($0.since(now), .zero) + .seconds(1) }.min().map {
            min($0, .seconds(86_400))
        }
    }

    private func isDue(_ credential: TenantCredential) -> Bool {
        if let mark, mark != credential.rotatedFor { return true }
        guard let every, let since = credential.validSince else { return false }
        return since.advanced(by: every).since(now) <= .zero
    }

    // MARK: - Tokens

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// A token that nobody can guess without the random bytes, whoever knows the former one: 43 letters and digits, which
    /// hold all 256 bits.
    private func token(after former: String) -> String? {
        guard let entropy else { return nil }
        let parts = [tenant.namespace, tenant.name, tenantUID, purpose.rawValue, former]
        var number = HMAC.sha256(Array(parts.joined(separator: "\n").utf8), key: entropy)
        let digits = (0..<43).map { _ -> UInt8 in
            var rest = 0
            for index in number.indices {
                let value = rest << 8 | Int(number[index])
                number[index] = UInt8(value / 62)
                rest = value % 62
            }
            return Self.alphabet[rest]
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
