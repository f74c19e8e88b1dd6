import Kube

extension Fields {
    /// A key of a Secret, `{name, key}`; `optional` has no effect, since a job does not work without the credential.
    func secretKey(_ key: String, in namespace: String) throws(FieldError) -> CredentialReference? {
        guard let selector = try object(key) else { return nil }
        return try selector.reference(.secret, in: namespace)
    }

    /// A required key of a Secret.
    func requiredSecretKey(_ key: String, in namespace: String) throws(FieldError) -> CredentialReference {
        guard let reference = try secretKey(key, in: namespace) else { throw FieldError(at(key), "is required") }
        return reference
    }

    /// A key of a Secret or a ConfigMap, `{secret: {name, key}}` or `{configMap: {name, key}}`; nil for neither.
    func secretOrConfigMapKey(_ key: String, in namespace: String) throws(FieldError) -> CredentialReference? {
        guard let either = try object(key) else { return nil }
        if either.has("secret"), either.has("configMap") {
            throw FieldError(at(key), "sets both secret and configMap; only one of them is allowed")
        }
        if let selector = try either.object("secret") { return try selector.reference(.secret, in: namespace) }
        if let selector = try either.object("configMap") { return try selector.reference(.configMap, in: namespace) }
        return nil
    }

    /// The object itself as a reference, `{name, key}`.
    func reference(_ kind: CredentialReference.Kind, in namespace: String) throws(FieldError) -> CredentialReference {
        CredentialReference(kind, namespace: namespace, name: try requiredText("name"), key: try requiredText("key"))
    }
}
