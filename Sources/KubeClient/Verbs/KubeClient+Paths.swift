import Kube

extension KubeClient {
    /// The path of a collection, percent-encoded.
    func path(_ resource: Resource, namespace: String?) throws -> String {
        resource.path(namespace: try namespace.map { try segment($0, "namespace", resource) })
    }

    /// The path of an object or its subresource, percent-encoded.
    func path(_ resource: Resource, _ key: ObjectKey, subresource: String? = nil) throws -> String {
        resource.path(
            namespace: try namespace(resource, key).map { try segment($0, "namespace", resource) },
            name: try segment(key.name, "name", resource),
            subresource: try subresource.map { try segment($0, "subresource", resource) })
    }

    /// The namespace of an object, nil for kinds that live in none.
    func namespace(_ resource: Resource, _ key: ObjectKey) throws(KubeClientError) -> String? {
        guard resource.isNamespaced else { return nil }
        guard !key.namespace.isEmpty else {
            throw KubeClientError(
                .invalidRequest, subject: "\(resource) \"\(key.name)\"",
                "has no namespace, though its kind lives in one")
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
