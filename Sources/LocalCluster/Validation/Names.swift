import Kube

/// What names, label keys and label values may be: apimachinery's `util/validation`.
enum Names {
    static let subdomainProblem =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
        + "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
    static let labelProblem =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
        + "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
    static let serviceProblem =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
        + "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
        + "'[a-z]([-a-z0-9]*[a-z0-9])?')"

    /// What is wrong with an object's name; nil if nothing is.
    static func problem(_ name: String, of resource: Resource) -> String? {
        switch (resource.group, resource.kind) {
        case ("rbac.authorization.k8s.io", _):
            return Resource.isValidPathSegment(name) ? nil : "may not be '.' or '..' and may not contain '/' or '%'"
        case ("", "Namespace"): return isLabel(name) ? nil : labelProblem
        case ("", "Service"):
            return isLabel(name) && !(name.utf8.first.map(isDigit) ?? true) ? nil : serviceProblem
        default:
            if name.utf8.count > 253 { return "must be no more than 253 bytes" }
            return isSubdomain(name) ? nil : subdomainProblem
        }
    }

    static func isLabel(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
        return isLowerOrDigit(first) && isLowerOrDigit(last)
            && bytes.allSatisfy { isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }
    }

    static func isSubdomain(_ text: some StringProtocol) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 253 else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            let bytes = Array(part.utf8)
            guard let first = bytes.first, let last = bytes.last else { return false }
            return isLowerOrDigit(first) && isLowerOrDigit(last)
                && bytes.allSatisfy { isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }
        }
    }

    /// Whether text can be a label's or an annotation's key: `name` or `prefix/name`.
    static func isQualified(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.last, !name.isEmpty else { return false }
        return (parts.count == 1 || isSubdomain(parts[0])) && isWord(name)
    }

    static func isLabelValue(_ text: String) -> Bool { text.isEmpty || isWord(text[...]) }

    private static func isWord(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, text.utf8.count <= 63 else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && text.utf8.allSatisfy { isAlphanumeric($0) || "-_.".utf8.contains($0) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowerOrDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
