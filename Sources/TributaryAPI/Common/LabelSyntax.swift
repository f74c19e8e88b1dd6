/// The syntax of labels and annotations of objects (`apimachinery/pkg/util/validation`).
enum LabelSyntax {
    /// A regular expression for keys, in RE2 syntax: a qualified name.
    static let keyPattern = "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$"
    /// A regular expression for the values of labels, in RE2 syntax.
    static let valuePattern = "^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
}
