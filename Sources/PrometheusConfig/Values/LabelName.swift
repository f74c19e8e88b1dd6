/// The syntax of label names, `model.LabelName` in Prometheus.
enum LabelName {
    /// Whether every version of Prometheus accepts a text as a label name: `[a-zA-Z_][a-zA-Z0-9_]*`.
    static func isValid(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, !first.isDigit else { return false }
        return text.utf8.allSatisfy(isNameByte)
    }

    /// Whether a text can be the target label of a rule, where `$1` and `${name}` refer to groups of the expression.
    static func isValidTemplate(_ text: String) -> Bool {
        var name = ""
        var rest = Substring(text)
        while let character = rest.popFirst() {
            guard character == "$" else {
                name.append(character)
                continue
            }
            let reference: Substring
            if rest.first == "{" {
                guard let end = rest.firstIndex(of: "}") else { return false }
                reference = rest[rest.index(after: rest.startIndex)..<end]
                rest = rest[rest.index(after: end)...]
            } else {
                reference = rest.prefix { $0.utf8.allSatisfy(isNameByte) }
                rest = rest.dropFirst(reference.count)
            }
            guard !reference.isEmpty, reference.utf8.allSatisfy(isNameByte) else { return false }
            name += "_"
        }
        return isValid(name)
    }

    /// The label name that Prometheus makes of the key of a Kubernetes label: other characters become `_`.
    static func sanitized(_ key: String) -> String {
        var name = ""
        for scalar in key.unicodeScalars {
            let isAllowed = UInt8(exactly: scalar.value).map(isNameByte) ?? false
            name.unicodeScalars.append(isAllowed ? scalar : "_")
        }
        return name
    }

    /// The problem of a text that is not a label name.
    static func problem(_ text: String) -> String { "\"\(text)\" is not a valid label name" }

    private static func isNameByte(_ byte: UInt8) -> Bool { byte.isAlphanumeric || byte == UInt8(ascii: "_") }
}
