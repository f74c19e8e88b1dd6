import Kube

/// The content that a TLS file must have, in the text form of certificates and keys (RFC 7468).
public enum PEMBlock: Sendable {
    /// A certificate.
    case certificate
    /// A private key of any type.
    case privateKey

    /// The problem of a text without such a block; nil if it has one.
    func problem(_ text: String) -> String? {
        switch self {
        case .certificate: Self.has("CERTIFICATE", text) ? nil : "contains no PEM block with a certificate"
        case .privateKey: Self.has("PRIVATE KEY", text) ? nil : "contains no PEM block with a private key"
        }
    }

    /// Whether a text has a block whose label ends with a word and whose content is the base64 of a DER sequence.
    private static func has(_ word: String, _ text: String) -> Bool {
        var label: Substring?
        var content: [UInt8] = []
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("-----BEGIN "), line.hasSuffix("-----") {
                label = line.dropFirst("-----BEGIN ".count).dropLast(5)
                content = []
            } else if let open = label, line.hasPrefix("-----END ") {
                let isMeant = open.hasSuffix(word) && line == "-----END \(open)-----"
                if isMeant, Base64.decode(content)?.first == 0x30 { return true }
                label = nil
            } else if label != nil, !line.contains(":") {
                content += line.utf8.filter { $0 > 0x20 }
            }
        }
        return false
    }
}
