import Kube

/// Monitors that enforcement passes over: prometheus-operator's ObjectReference.
public struct EnforcementExclusion: Sendable, Hashable, Codable {
    public var group: String?
    public var resource: String
    public var namespace: String
    public var name: String?

    static let schema = Schema.object(
        [
            "group": .choice("The API group. Defaults to monitoring.coreos.com.", ["monitoring.coreos.com"]),
            "resource": .choice(
                "The kind, in the plural.", ["podmonitors", "servicemonitors", "probes", "scrapeconfigs"]),
            "namespace": .namespaceName("The namespace."),
            "name": .objectName("The name. Defaults to all of the namespace."),
        ], required: ["resource", "namespace"], description: "A monitor, or all of a kind in a namespace.")
}
