public import Kube
public import PrometheusConfig

/// A Secret or ConfigMap that monitors or agents refer to.
public struct CredentialSource: Sendable, Hashable {
    /// Which of the two.
    public var kind: CredentialReference.Kind
    /// Its namespace and name.
    public var key: ObjectKey

    /// The source with a kind and a key.
    public init(_ kind: CredentialReference.Kind, _ key: ObjectKey) {
        self.kind = kind
        self.key = key
    }

    /// The source that an object is; nil for objects of other kinds.
    public init?(_ object: Object) {
        guard object.apiVersion == Resource.secrets.apiVersion else { return nil }
        switch object.kind {
        case Resource.secrets.kind: self.init(.secret, object.key)
        case Resource.configMaps.kind: self.init(.configMap, object.key)
        default: return nil
        }
    }

    /// The Secret or ConfigMap that contains a credential.
    package init(of reference: CredentialReference) {
        self.init(reference.kind, ObjectKey(namespace: reference.namespace, name: reference.name))
    }

    /// The kind as in the API.
    public var resource: Resource { kind == .secret ? .secrets : .configMaps }
    /// The object as named in messages.
    package var description: String { "\(resource.kind) \(key)" }
}

/// The content of a Secret or ConfigMap.
public struct CredentialContent: Sendable, Hashable {
    /// The values by key.
    public var values: [String: [UInt8]]

    /// Reads a Secret or ConfigMap; nil for objects of other kinds.
    public init?(_ object: Object) {
        var values: [String: [UInt8]] = [:]
        switch object.kind {
        case Resource.secrets.kind:
            for (key, value) in object.json["data"]?.strings ?? [:] { values[key] = Base64.decode(value.utf8) }
            // Only files have `stringData`; the API server converts it to `data`.
            for (key, value) in object.json["stringData"]?.strings ?? [:] { values[key] = Array(value.utf8) }
        case Resource.configMaps.kind:
            for (key, value) in object.json["binaryData"]?.strings ?? [:] { values[key] = Base64.decode(value.utf8) }
            for (key, value) in object.json["data"]?.strings ?? [:] { values[key] = Array(value.utf8) }
        default: return nil
        }
        self.values = values
    }
}
