import Kube

/// The rules of names, label keys, label values and data keys, in the words of apimachinery's `util/validation`.
enum NameRules {
    private static let subdomainProblem =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
        + "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
    private static let labelProblem =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
        + "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
    private static let dns1035Problem =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
        + "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
        + "'[a-z]([-a-z0-9]*[a-z0-9])?')"

    /// What is wrong with the name of an object; nil if the name is valid.
    static func problem(_ name: String, of resource: Resource) -> String? {
        switch (resource.group, resource.kind) {
        case ("rbac.authorization.k8s.io", _):
            return Resource.isValidPathSegment(name) ? nil : "may not be '.' or '..' and may not contain '/' or '%'"
        case ("", "Namespace"): return isLabel(name) ? nil : labelProblem
        case ("", "Service"): return dns1035LabelProblem(name)
        default:
            if name.utf8.count > 253 { return "must be no more than 253 bytes" }
            return isSubdomain(name) ? nil : subdomainProblem
        }
    }

    /// What is wrong with a DNS-1035 label, such as the plural name of a custom resource; nil if it is valid.
    static func dns1035LabelProblem(_ text: String) -> String? {
        isLabel(text) && !(text.utf8.first.map(isDigit) ?? true) ? nil : dns1035Problem
    }

    /// What is wrong with the key of a label or an annotation; nil if the key is valid.
    static func qualifiedNameProblem(_ text: String) -> String? {
        let rule =
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
            + "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
            + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let name = parts.last else {
            return "a valid label key \(rule) with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        }
        if parts.count == 2, parts[0].isEmpty { return "prefix part must be non-empty" }
        if parts.count == 2, !isSubdomain(parts[0]) { return "prefix part \(subdomainProblem)" }
        if name.isEmpty { return "name part must be non-empty" }
        if name.utf8.count > 63 { return "name part must be no more than 63 bytes" }
        return isWord(name) ? nil : "name part \(rule)"
    }

    /// What is wrong with the value of a label; nil if the value is valid.
    static func labelValueProblem(_ text: String) -> String? {
        if text.utf8.count > 63 { return "must be no more than 63 bytes" }
        if text.isEmpty || isWord(text[...]) { return nil }
        return
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
            + "start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for "
            + "validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
    }

    /// What is wrong with a key in the data of a ConfigMap or Secret; nil if the key is valid.
    static func dataKeyProblem(_ text: String) -> String? {
        if text.utf8.count > 253 { return "must be no more than 253 bytes" }
        if text.isEmpty || !text.utf8.allSatisfy({ isAlphanumeric($0) || "-_.".utf8.contains($0) }) {
            return
                "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or "
                + "'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"
        }
        if text == "." || text == ".." { return "must not be '\(text)'" }
        return text.hasPrefix("..") ? "must not start with '..'" : nil
    }

    private static func isLabel(_ text: some StringProtocol) -> Bool {
        text.utf8.count <= 63 && isPartOfSubdomain(text)
    }

    private static func isSubdomain(_ text: some StringProtocol) -> Bool {
        text.utf8.count <= 253
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { isPartOfSubdomain($0) }
    }

    /// Whether the text is what may be between two dots of a subdomain, of any length.
    private static func isPartOfSubdomain(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last else { return false }
        return isLowerOrDigit(first) && isLowerOrDigit(last)
            && bytes.allSatisfy { isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }
    }

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
