/// The names of labels of series, without those that need quotes.
enum LabelNameSyntax {
    /// A regular expression for names, in RE2 syntax.
    static let pattern = "^[a-zA-Z_][a-zA-Z0-9_]*$"

    /// Whether a name matches the pattern.
    static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, !first.isASCIIDigit else { return false }
        return name.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "_") }
    }
}
