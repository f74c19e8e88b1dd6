/// How severe a problem is, in every kind of diagnostic.
public enum Severity: String, Sendable, Hashable, Comparable {
    /// For information.
    case info
    /// It is done, but perhaps not as intended.
    case warning
    /// What was asked for is not done.
    case error

    /// Whether the left is less severe.
    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .error: 2
        }
    }
}
