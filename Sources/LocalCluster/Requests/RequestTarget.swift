import Kube

/// The objects that the path of a request names.
struct RequestTarget: Sendable {
    /// The kind of the objects.
    var type: ResourceType
    /// The namespace; nil for cluster-scoped objects and for all namespaces.
    var namespace: String?
    /// The name of the object; nil for a collection.
    var name: String?
    /// The subresource; nil for the object itself.
    var subresource: String?

    /// The target of `/api/v1/…` or `/apis/group/version/…`; nil if the path is not served.
    init?(_ segments: [String], registry: Registry) {
        var rest = segments[...]
        var group = ""
        switch rest.popFirst() {
        case "api": break
        case "apis":
            guard let name = rest.popFirst() else { return nil }
            group = name
        default: return nil
        }
        guard let version = rest.popFirst() else { return nil }
        let inNamespaces = rest.first == "namespaces"
        // /namespaces/x and its subresources name the namespace itself, all deeper paths name what is in it.
        if inNamespaces, rest.count >= 3, !["status", "finalize"].contains(rest[rest.startIndex + 2]) {
            namespace = rest[rest.startIndex + 1]
            rest = rest.dropFirst(2)
        }
        guard let plural = rest.popFirst(),
            let type = registry.lookup(group: group, version: version, plural: plural),
            namespace == nil || type.resource.isNamespaced
        else { return nil }
        self.type = type
        name = rest.popFirst()
        subresource = rest.popFirst()
        if !rest.isEmpty || (name != nil && type.resource.isNamespaced && namespace == nil) { return nil }
        if let subresource {
            guard let known = ResourceType.Subresource(rawValue: subresource), type.subresources.contains(known) else {
                return nil
            }
        }
    }

    /// Where the object is stored.
    var location: ObjectLocation {
        ObjectLocation(type.resource, ObjectKey(namespace: namespace ?? "", name: name ?? ""))
    }
}
