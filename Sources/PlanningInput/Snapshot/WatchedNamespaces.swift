/// The namespaces that the operator watches, and in which it creates objects.
public struct WatchedNamespaces: Sendable, Hashable, CustomStringConvertible {
    /// Their names, sorted; empty for all namespaces of the cluster.
    public let names: [String]

    /// All namespaces, and objects that belong to none.
    public static let all = WatchedNamespaces([])

    /// The namespaces of these names; all if there are none.
    public init(_ names: some Sequence<String>) { self.names = Set(names).sorted() }

    /// Whether all namespaces are watched, and objects that belong to none.
    public var isAll: Bool { names.isEmpty }

    /// Whether a namespace is watched.
    public func contains(_ namespace: String?) -> Bool { isAll || namespace.map(names.contains) ?? false }

    /// The namespaces that the API server is asked for, one by one; nil is all of them at once.
    public var scopes: [String?] { isAll ? [nil] : names.map(\.self) }

    public var description: String {
        switch names.count {
        case 0: "all namespaces"
        case 1: "namespace \(names[0])"
        default: "namespaces \(names.joined(separator: ", "))"
        }
    }
}
