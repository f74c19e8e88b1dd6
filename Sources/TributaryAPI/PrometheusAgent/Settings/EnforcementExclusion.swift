import Kube

/// Monitors to exclude from enforcement: prometheus-operator's ObjectReference.
public struct EnforcementExclusion: Sendable, Hashable, Codable {
    /// The API group.
    public var group: String?
    /// The resource, in the plural.
    public var resource: String
    /// The namespace.
    public var namespace: String
    /// The name.
    public var name: String?

    static let schema = Schema.object(
        [
            "group": .choice("The API group. Defaults to monitoring.coreos.com.", ["monitoring.coreos.com"]),
            "resource": .choice(
                "The resource, in the plural.", ["podmonitors", "servicemonitors", "probes", "scrapeconfigs"]),
            "namespace": .namespaceName("The namespace."),
            "name": .objectName("The name. Defaults to all objects in the namespace."),
        ], required: ["resource", "namespace"], description: "A monitor, or all monitors of a kind in a namespace.")
}
