import Crypto

/// Whom a client certificate names: the one URI among the alternative names of its subject, or why there is none that
/// counts.
enum IdentityAnswer: Sendable, Hashable {
    case uri(String)
    case refused(Refusal)

    /// Why a certificate names nobody.
    enum Refusal: String, Sendable {
        /// The header does not have one certificate as nginx writes it.
        case request = "the request has not one certificate"
        case certificate = "the certificate is malformed"
        case none = "the certificate has no URI among its alternative names"
        case several = "the certificate has several URIs among its alternative names"
        case uri = "the URI in the certificate has characters or a length that cannot name a tenant"
    }

    /// The answer for a certificate as the variable `$ssl_client_escaped_cert` of nginx has it.
    init(escaped: String) {
        guard let pem = Self.unescaped(escaped.utf8) else {
            self = .refused(.request)
            return
        }
        do throws(Certificate.Fault) {
            let all = try Certificate.all(inPEM: pem)
            self = all.count == 1 ? Self.answer(all[0]) : .refused(.request)
        } catch {
            self = .refused(.certificate)
        }
    }

    private static func answer(_ certificate: Certificate) -> IdentityAnswer {
        guard let uris = certificate.uris else { return .refused(.certificate) }
        guard let uri = uris.first else { return .refused(.none) }
        // Two equal ones are refused as well: SPIFFE permits one.
        guard uris.count == 1 else { return .refused(.several) }
        guard CertificateURI.isPossible(uri) else { return .refused(.uri) }
        return .uri(String(decoding: uri, as: UTF8.self))
    }

    /// The bytes of a text in which nginx has escaped all but letters, digits and `-._~`; nil for other texts.
    private static func unescaped(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                bytes.append(byte)
            case _ where "-._~".utf8.contains(byte): bytes.append(byte)
            default: return nil
            }
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
