import Kube

extension Fields {
    /// A key of a Secret, `{name, key}`; `optional` is not followed, since a job cannot do without.
    func secretKey(_ key: String, in namespace: String) throws(FieldError) -> CredentialReference? {
        guard let selector = try object(key) else { return nil }
        return try selector.reference(.secret, in: namespace)
    }

    /// A key of a Secret that has to be named.
    func requiredSecretKey(_ key: String, in namespace: String) throws(FieldError) -> CredentialReference {
        guard let reference = try secretKey(key, in: namespace) else { throw FieldError(at(key), "is required") }
        return reference
    }

    /// A key of a Secret or of a ConfigMap: `{secret: {name, key}}` or `{configMap: {name, key}}`; nil for neither.
    func secretOrConfigMapKey(_ key: String, in namespace: String) throws(FieldError) -> CredentialReference? {
        guard let either = try object(key) else { return nil }
        if either.has("secret"), either.has("configMap") {
            throw FieldError(at(key), "has secret and configMap, where one of them can be")
        }
        if let selector = try either.object("secret") { return try selector.reference(.secret, in: namespace) }
        if let selector = try either.object("configMap") { return try selector.reference(.configMap, in: namespace) }
        return nil
    }

    /// This object as a reference: what it names in a namespace.
    func reference(_ kind: CredentialReference.Kind, in namespace: String) throws(FieldError) -> CredentialReference {
        CredentialReference(kind, namespace: namespace, name: try requiredText("name"), key: try requiredText("key"))
    }
}
