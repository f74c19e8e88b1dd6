import Crypto
import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// What is wrong with the certificates in Secrets that pods of a view mount.
///
/// Programs refuse what is malformed; without this, only their logs would say so. No message has a part of a key.
struct MountedCertificates {
    /// A certificate with its key, as messages call it.
    struct Pair {
        /// The field that names the Secret.
        var field: String
        var certificate: CredentialReference
        var key: CredentialReference
        /// Whose certificate it is: `the gateway`.
        var owner: String
        /// What reads it: `nginx`.
        var program: String
    }

    /// What does not work until then, the end of each message.
    var rest: String
    private let view: GlobalView
    private let snapshot: Snapshot
    /// The problems, the first of each field.
    private(set) var findings: [Diagnostic] = []
    /// After which time a certificate begins or ceases to be valid; nil if none does.
    private(set) var recheckAfter: Duration?

    /// The bits of security that programs ask of a key, as OpenSSL does by default.
    private static let leastBits = 112
    /// The longest time until the certificates are looked at again.
    private static let longestRecheck = Duration.seconds(86_400)

    init(of view: GlobalView, in snapshot: Snapshot, rest: String) {
        self.view = view
        self.snapshot = snapshot
        self.rest = rest
    }

    /// Checks the certificates of authorities.
    mutating func checkAuthorities(_ reference: CredentialReference, _ field: String, _ expected: String) {
        guard let bytes = value(reference, field, expected) else { return }
        _ = certificates(bytes, reference, field, expected)
    }

    /// Checks a certificate and its key. Returns the certificate if it can be read.
    @discardableResult
    mutating func check(_ pair: Pair) -> Certificate? {
        let (field, certificate) = (pair.field, pair.certificate)
        let chain = "\(pair.owner)'s certificate in PEM, followed by those of intermediate authorities"
        let text = value(certificate, field, chain)
        let keyText = value(pair.key, field, "the private key of \(pair.owner)'s certificate, in PEM")
        let own = text.flatMap { certificates($0, certificate, field, chain) }?.first
        guard let keyText else { return own }
        do throws(PrivateKey.Fault) {
            let key = try PrivateKey(pem: keyText)
            guard let own else { return nil }
            if !own.belongs(to: key) {
                report(
                    field, "CertificateInvalid",
                    "\(CredentialSource(of: certificate).description): the private key in \(pair.key.key) is not that of the "
                        + "first certificate in \(certificate.key); both should be of one pair, and \(pair.owner)'s "
                        + "certificate should come first")
            } else if own.securityBits < Self.leastBits {
                report(
                    field, "CertificateInvalid",
                    "\(certificate): the certificate has a key of \(own.securityBits) bits of security, expected at least "
                        + "\(Self.leastBits): with RSA, 2048 bits")
            }
        } catch {
            let found =
                switch error {
                case .none: "contains no private key in PEM that can be read"
                case .encrypted: "contains an encrypted private key, for which \(pair.program) has no password"
                }
            report(
                field, "CertificateInvalid",
                "\(pair.key): \(found); it should have the private key of \(pair.owner)'s certificate, not encrypted")
        }
        return own
    }

    /// Reports a problem, one of each field: without a Secret, both of its keys are missing.
    mutating func report(_ field: String, _ reason: String, _ message: String) {
        guard !findings.contains(where: { $0.field == FieldPath(field) }) else { return }
        findings.append(.error(.globalView(view.metadata.key), field, reason, "\(message); \(rest)"))
    }

    /// The certificates in a file, after its first problem has been reported; nil if it cannot be read.
    private mutating func certificates(
        _ bytes: [UInt8], _ reference: CredentialReference, _ field: String, _ expected: String
    ) -> [Certificate]? {
        let all: [Certificate]
        do throws(Certificate.Fault) {
            all = try Certificate.all(inPEM: bytes)
        } catch {
            let found =
                switch error {
                case .none: "contains no PEM block with a certificate"
                case .malformed(let number): "certificate \(number) in it cannot be read"
                }
            report(field, "CertificateInvalid", "\(reference): \(found); it should have \(expected)")
            return nil
        }
        let now = snapshot.now.seconds
        for (index, certificate) in all.enumerated() {
            let (start, end) = (certificate.validity.lowerBound, certificate.validity.upperBound)
            let name = all.count == 1 ? "the certificate" : "certificate \(index + 1) of \(all.count)"
            if end < now {
                report(
                    field, "CertificateExpired",
                    "\(reference): \(name) has expired at \(Timestamp(seconds: end)); renew it")
                break
            }
            if start > now {
                report(
                    field, "CertificateInvalid",
                    "\(reference): \(name) is not valid before \(Timestamp(seconds: start)); check when it was issued")
                recheck(after: start - now)
                break
            }
            recheck(after: end - now)
        }
        return all
    }

    /// The value of a key of a Secret; nil if it does not exist, which is reported, or is unknown.
    private mutating func value(
        _ reference: CredentialReference, _ field: String, _ expected: String
    ) -> [UInt8]? {
        let monitoring = snapshot.monitoring
        switch monitoring.find(reference) {
        case .unknown, .assumed: return nil
        case .value(let bytes): return bytes
        case .missing(var reason):
            // It may be there, with a name that is too long only for a file of an agent.
            if let value = monitoring.content(of: reference)?.value?.values[reference.key] { return value }
            if case .missing(let detailed) = monitoring.found(reference, listingKeys: true) { reason = detailed }
            report(field, "CertificateNotFound", "\(reason); key \"\(reference.key)\" should have \(expected)")
            return nil
        }
    }

    private mutating func recheck(after seconds: Int64) {
        let time = min(Duration.seconds(seconds + 1), Self.longestRecheck)
        recheckAfter = min(recheckAfter ?? time, time)
    }
}
