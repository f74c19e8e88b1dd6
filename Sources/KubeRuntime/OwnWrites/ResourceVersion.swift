/// An object's resource version, as a number: Kubernetes 1.35 says that those of one resource may be compared, and
/// earlier API servers on etcd made them so too.
public struct ResourceVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    private let number: UInt64

    /// Reads a version; nil for one that is no number, such as an aggregated API server may send.
    public init?(_ text: String) {
        guard let number = UInt64(text) else { return nil }
        self.number = number
    }

    /// The version as the API writes it.
    public var description: String { String(number) }

    /// Whether the left version is the older one.
    public static func < (left: ResourceVersion, right: ResourceVersion) -> Bool { left.number < right.number }
}
