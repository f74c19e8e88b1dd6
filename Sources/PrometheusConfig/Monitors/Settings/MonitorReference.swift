import Kube

/// A monitor, or all monitors of a kind in a namespace: `ObjectReference` in prometheus-operator.
public struct MonitorReference: Sendable, Hashable {
    /// The API group; `monitoring.coreos.com` by default, any group if it is empty.
    public var group: String
    /// The resource, such as `servicemonitors`.
    public var resource: String
    /// The namespace.
    public var namespace: String
    /// The name; nil or empty for all monitors in the namespace.
    public var name: String?

    /// Creates a reference.
    public init(group: String = "monitoring.coreos.com", resource: String, namespace: String, name: String? = nil) {
        self.group = group
        self.resource = resource
        self.namespace = namespace
        self.name = name
    }

    /// Whether the reference includes an object.
    func matches(_ object: Object) -> Bool {
        guard let kind = MonitorKind(of: object), resource == kind.plural else { return false }
        guard group.isEmpty || group == object.group, !namespace.isEmpty, namespace == object.namespace else {
            return false
        }
        guard let name, !name.isEmpty else { return true }
        return name == object.name
    }
}
