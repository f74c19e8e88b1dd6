import Kube

/// A route of the Gateway API through which callers outside of the cluster reach the gateway.
public struct HTTPRouteSpec: Sendable, Hashable, Codable {
    /// The host name, such as metrics.example.org.
    public var host: String
    /// A prefix of all paths, such as /metrics.
    public var path: String?
    /// The Gateways that serve the route.
    public var parentRefs: [HTTPRouteParent]
    /// Whether the Gateways serve HTTPS.
    public var https: Bool?

    static let schema = Schema.object(
        [
            "host": .objectName("The host name, such as metrics.example.org."),
            "path": .text(
                "A prefix of all paths, such as /metrics. Defaults to /, which means no prefix.", max: 512,
                pattern: "^/[A-Za-z0-9._~/-]*$"),
            "parentRefs": .list(
                of: HTTPRouteParent.schema, max: 16, "The Gateways that serve the route. At least one is required."
            ).with { $0.minItems = 1 },
            "https": .boolean("Whether the Gateways serve HTTPS. Defaults to true."),
        ], required: ["host", "parentRefs"],
        description: """
            An HTTPRoute of the Gateway API through which callers outside of the cluster reach the gateway. \
            Defaults to no route.
            """)
}

/// A Gateway that serves a route: `gateway.networking.k8s.io/v1` ParentReference.
public struct HTTPRouteParent: Sendable, Hashable, Codable {
    /// The name of the Gateway.
    public var name: String
    /// The namespace of the Gateway.
    public var namespace: String?
    /// The listener of the Gateway.
    public var sectionName: String?

    static let schema = Schema.object(
        [
            "name": .objectName("The name of the Gateway."),
            "namespace": .namespaceName("The namespace of the Gateway. Defaults to that of the GlobalView."),
            "sectionName": .objectName("The listener of the Gateway. Defaults to all listeners that fit."),
        ], required: ["name"])
}
