import Kube

/// A list, or one page of it.
public struct ObjectList: Sendable {
    /// The objects, each with its `apiVersion` and `kind`.
    public var items: [Object]
    /// The token for the next page; nil on the last page.
    public var continueToken: String?
    /// The version of the list, from which a watch can start.
    public var resourceVersion: String
    /// The approximate number of objects on further pages, if the server reports it.
    public var remaining: Int?

    /// Creates a list.
    public init(items: [Object], continueToken: String? = nil, resourceVersion: String, remaining: Int? = nil) {
        self.items = items
        self.continueToken = continueToken
        self.resourceVersion = resourceVersion
        self.remaining = remaining
    }
}
