import Kube

/// Checks label and field selectors in text form, which Kubernetes discovery sends to the API server.
///
/// Prometheus refuses a whole file for a selector that it cannot parse, so that only plain selectors are accepted here.
enum SelectorText {
    /// Throws ``FieldError`` for a text that is not a label selector, such as `app=shop,tier!=cache,env in (a, b),!canary`.
    static func checkLabels(_ text: String, at path: FieldPath) throws(FieldError) {
        guard areLabels(text) else { throw FieldError(path, labelProblem(text)) }
    }

    /// Whether a text is a label selector.
    static func areLabels(_ text: String) -> Bool {
        text.allSatisfy(\.isWhitespace) || split(text).allSatisfy { isLabelRequirement($0.trimmingSpaces) }
    }

    /// The problem of a text that is not a label selector.
    static func labelProblem(_ text: String) -> String {
        "\"\(text.prefix(200))\" is not a valid label selector; expected for example app=shop,!canary"
    }

    /// The problem of a text that is not a field selector.
    static func fieldProblem(_ text: String) -> String {
        "\"\(text.prefix(200))\" is not a valid field selector; expected for example status.phase=Running"
    }

    /// Throws ``FieldError`` for a text that is not a field selector, such as `status.phase=Running,spec.nodeName!=a`.
    static func checkFields(_ text: String, at path: FieldPath) throws(FieldError) {
        for term in text.split(separator: ",", omittingEmptySubsequences: false) where !term.isEmpty {
            guard let sign = term.firstIndex(of: "="), term.startIndex < sign,
                !term[term.index(after: sign)...].drop(while: { $0 == "=" }).contains(where: { "=\\".contains($0) })
            else {
                throw FieldError(path, fieldProblem(text))
            }
        }
    }

    /// The parts between the commas that are not in brackets.
    private static func split(_ text: String) -> [String] {
        var parts = [""]
        var depth = 0
        for character in text {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == "," && depth == 0 {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts
    }

    private static func isLabelRequirement(_ text: String) -> Bool {
        if text.hasPrefix("!") { return KubernetesLabel.isKey(text.dropFirst().description.trimmingSpaces) }
        for sign in ["!=", "==", "=", ">", "<"] {
            guard let range = text.firstRange(of: sign) else { continue }
            let value = text[range.upperBound...].description.trimmingSpaces
            guard KubernetesLabel.isKey(text[..<range.lowerBound].description.trimmingSpaces) else { return false }
            return sign == ">" || sign == "<" ? Int64(value) != nil : KubernetesLabel.isValue(value[...])
        }
        let words = text.split(maxSplits: 1, whereSeparator: \.isWhitespace)
        guard words.count == 2 else { return KubernetesLabel.isKey(text) }
        let rest = words[1].description.trimmingSpaces
        for sign in ["notin", "in"] where rest.hasPrefix(sign) {
            let set = rest.dropFirst(sign.count).description.trimmingSpaces
            guard set.hasPrefix("("), set.hasSuffix(")"), set.count >= 2 else { return false }
            let values = set.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
            return KubernetesLabel.isKey(String(words[0]))
                && values.allSatisfy { KubernetesLabel.isValue($0.description.trimmingSpaces[...]) }
        }
        return false
    }
}
