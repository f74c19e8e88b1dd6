/// The parameters of a watch.
public struct WatchQuery: Sendable, Hashable {
    /// The label selector, in the syntax of `kubectl -l`.
    public var labelSelector: String?
    /// The field selector, such as `metadata.name=a`.
    public var fieldSelector: String?
    /// The version after which the watch starts.
    public var resourceVersion: String?
    /// When the server ends the watch. The client gives up 10 s later with ``KubeClientError/Code/timedOut``.
    public var timeout: Duration = .seconds(290)
    /// Whether to start with an `added` event for each existing object and then a bookmark: a streaming list.
    public var sendInitialEvents = false
    /// Whether to request only metadata, without spec, data and status.
    public var metadataOnly = false

    /// Creates a query.
    public init(
        labelSelector: String? = nil, fieldSelector: String? = nil, resourceVersion: String? = nil,
        timeout: Duration = .seconds(290), sendInitialEvents: Bool = false, metadataOnly: Bool = false
    ) {
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.resourceVersion = resourceVersion
        self.timeout = timeout
        self.sendInitialEvents = sendInitialEvents
        self.metadataOnly = metadataOnly
    }

    /// The timeout in whole seconds, at least 1: with 0 the server would choose one.
    var timeoutSeconds: Int { max(1, timeout.milliseconds / 1000) }

    /// The query parameters.
    var parameters: [(String, String)] {
        var parameters = [
            ("watch", "true"), ("timeoutSeconds", String(timeoutSeconds)), ("allowWatchBookmarks", "true"),
        ]
        if let labelSelector { parameters.append(("labelSelector", labelSelector)) }
        if let fieldSelector { parameters.append(("fieldSelector", fieldSelector)) }
        if let resourceVersion { parameters.append(("resourceVersion", resourceVersion)) }
        if sendInitialEvents {
            parameters.append(("sendInitialEvents", "true"))
            parameters.append(("resourceVersionMatch", "NotOlderThan"))
        }
        return parameters
    }
}
