/// The limits of what YAML is read; anything beyond them is refused.
public struct YAMLLimits: Sendable, Hashable {
    /// The most bytes of the text, and of all strings after alias expansion.
    public var maximumBytes = 64 << 20
    /// The deepest nesting of lists and objects.
    public var maximumDepth = 200
    /// The most values of a document after alias expansion, not counting keys.
    var maximumNodes = 1_000_000

    /// The default limits: 64 MiB, 200 levels, a million values.
    public init() {}

    /// The default limits: 64 MiB, 200 levels, a million values.
    public static let `default` = YAMLLimits()
}
