/// The syntax of the labels of Kubernetes objects (`apimachinery/pkg/util/validation`).
enum KubernetesLabel {
    /// Whether a text is a key: a name, or a DNS subdomain, `/` and a name.
    static func isKey(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, parts.count <= 2, !name.isEmpty, isValue(name) else { return false }
        return parts.count == 1 || isSubdomain(parts[0])
    }

    /// Whether a text is a value: empty, or at most 63 letters, digits, `-`, `_` and `.` with a letter or digit at both
    /// ends.
    static func isValue(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return true }
        return text.utf8.count <= 63 && first.isAlphanumeric && last.isAlphanumeric
            && text.utf8.allSatisfy { $0.isAlphanumeric || "-_.".utf8.contains($0) }
    }

    private static func isSubdomain(_ text: Substring) -> Bool {
        text.utf8.count <= 253
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                guard let first = label.utf8.first, let last = label.utf8.last else { return false }
                return first.isAlphanumeric && last.isAlphanumeric && label == label.lowercased()
                    && label.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "-") }
            }
    }
}
