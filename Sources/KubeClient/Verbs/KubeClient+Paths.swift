import Kube

extension KubeClient {
    /// The percent-encoded path of a collection.
    func path(_ resource: Resource, namespace: String?) throws -> String {
        resource.path(namespace: try namespace.map { try segment($0, "namespace", resource) })
    }

    /// The percent-encoded path of an object or its subresource.
    func path(_ resource: Resource, _ key: ObjectKey, subresource: String? = nil) throws -> String {
        resource.path(
            namespace: try namespace(resource, key).map { try segment($0, "namespace", resource) },
            name: try segment(key.name, "name", resource),
            subresource: try subresource.map { try segment($0, "subresource", resource) })
    }

    /// The namespace of an object; nil for cluster-scoped kinds.
    func namespace(_ resource: Resource, _ key: ObjectKey) throws(KubeClientError) -> String? {
        guard resource.isNamespaced else { return nil }
        guard !key.namespace.isEmpty else {
            throw KubeClientError(
                .invalidRequest, subject: "\(resource) \"\(key.name)\"",
                "has no namespace, although its kind is namespaced")
        }
        return key.namespace
    }

    private func segment(_ text: String, _ name: String, _ resource: Resource) throws(KubeClientError) -> String {
        guard Resource.isValidPathSegment(text) else {
            let found = text.isEmpty ? "an empty \(name)" : "\(name) \"\(text)\""
            throw KubeClientError(
                .invalidRequest, subject: "\(resource)",
                "found \(found), expected one that is not \".\" or \"..\" and has no \"/\" or \"%\"")
        }
        return PercentEncoding.segment(text)
    }
}
