import Kube

/// The parameters of a list: `meta/v1` ListOptions.
public struct ListQuery: Sendable, Hashable {
    /// The label selector, in the syntax of `kubectl -l`.
    public var labelSelector: String?
    /// The field selector, such as `metadata.name=a`.
    public var fieldSelector: String?
    /// The most objects per page.
    public var limit: Int?
    /// The continue token of the previous page.
    public var continueToken: String?
    /// The version of the list; nil for the latest state.
    public var resourceVersion: String?
    /// `Exact` or `NotOlderThan`, with a resource version.
    public var resourceVersionMatch: String?
    /// Whether to request only metadata, without spec, data and status.
    public var metadataOnly = false

    /// Creates a query.
    public init(
        labelSelector: String? = nil, fieldSelector: String? = nil, limit: Int? = nil, continueToken: String? = nil,
        resourceVersion: String? = nil, resourceVersionMatch: String? = nil, metadataOnly: Bool = false
    ) {
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.limit = limit
        self.continueToken = continueToken
        self.resourceVersion = resourceVersion
        self.resourceVersionMatch = resourceVersionMatch
        self.metadataOnly = metadataOnly
    }

    /// The query parameters.
    var parameters: [(String, String)] {
        var parameters: [(String, String)] = []
        if let labelSelector { parameters.append(("labelSelector", labelSelector)) }
        if let fieldSelector { parameters.append(("fieldSelector", fieldSelector)) }
        if let limit { parameters.append(("limit", String(limit))) }
        if let continueToken { parameters.append(("continue", continueToken)) }
        if let resourceVersion { parameters.append(("resourceVersion", resourceVersion)) }
        if let resourceVersionMatch { parameters.append(("resourceVersionMatch", resourceVersionMatch)) }
        return parameters
    }
}
