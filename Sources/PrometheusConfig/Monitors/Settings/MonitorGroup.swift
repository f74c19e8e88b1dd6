public import Kube

/// The API group that has the kinds of monitors: prometheus-operator's, or that of a fork, such as `monitoring.rhobs`.
///
/// There is one of them: objects of two groups could have the same kind and name, and their jobs too.
public struct MonitorGroup: Sendable, Hashable {
    /// The group of prometheus-operator.
    public static let standard = MonitorGroup(unchecked: "monitoring.coreos.com")

    /// The name of the group.
    public let name: String

    private init(unchecked name: String) { self.name = name }

    /// A group; nil if the name is none, or one of Kubernetes or of Tributary itself.
    public init?(_ name: String) {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isValid = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
        }
        guard isValid, labels.count > 1, name.utf8.count <= 253, !name.hasSuffix(".k8s.io"), name != "tributary.dev"
        else { return nil }
        self.name = name
    }

    /// The resource of a kind of monitors in the group.
    public func resource(of kind: MonitorKind) -> Resource {
        var resource = kind.resource
        resource.group = name
        return resource
    }

    /// An object as prometheus-operator has it; nil for one of prometheus-operator's own while the group is a fork's.
    public func standardized(_ object: Object) -> Object? {
        guard self != .standard else { return object }
        if object.group == Self.standard.name { return nil }
        guard object.group == name else { return object }
        var result = object
        result.json["apiVersion"] = JSON("\(Self.standard.name)\(object.apiVersion.drop { $0 != "/" })")
        return result
    }
}
