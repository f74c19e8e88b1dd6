/// An object's resource version, as a number. Clients may compare those of one resource since Kubernetes 1.35, and earlier
/// API servers on etcd have the same numbers.
public struct ResourceVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    private let number: UInt64

    /// Reads a version; nil if it is not a number, as those of an aggregated API server may be.
    public init?(_ text: String) {
        guard let number = UInt64(text) else { return nil }
        self.number = number
    }

    /// The version as the API writes it.
    public var description: String { String(number) }

    /// Whether the left version is the older one.
    public static func < (left: ResourceVersion, right: ResourceVersion) -> Bool { left.number < right.number }
}
