/// The value of an external label.
public enum LabelValue: Sendable, Hashable, ExpressibleByStringLiteral {
    /// A text.
    case text(String)
    /// The value of an environment variable of the Prometheus process, such as `POD_NAME`.
    case environment(String)

    /// Creates a text.
    public init(stringLiteral value: String) { self = .text(value) }

    /// The value in the file. A Prometheus that expands `${NAME}` reads `$$` as `$`.
    func written(isExpanded: Bool) -> String {
        switch self {
        case .environment(let name): "${\(name)}"
        case .text(let text) where isExpanded:
            text.split(separator: "$", omittingEmptySubsequences: false).joined(separator: "$$")
        case .text(let text): text
        }
    }
}
