public import Kube
public import PrometheusConfig

/// A Secret or a ConfigMap that monitors or agents refer to.
public struct CredentialSource: Sendable, Hashable {
    /// Which of the two.
    public var kind: CredentialReference.Kind
    /// Its namespace and name.
    public var key: ObjectKey

    /// A Secret or a ConfigMap.
    public init(_ kind: CredentialReference.Kind, _ key: ObjectKey) {
        self.kind = kind
        self.key = key
    }

    /// A Secret or a ConfigMap; nil for objects of other kinds.
    public init?(_ object: Object) {
        guard object.apiVersion == Resource.secrets.apiVersion else { return nil }
        switch object.kind {
        case Resource.secrets.kind: self.init(.secret, object.key)
        case Resource.configMaps.kind: self.init(.configMap, object.key)
        default: return nil
        }
    }

    /// The Secret or ConfigMap that has a credential.
    package init(of reference: CredentialReference) {
        self.init(reference.kind, ObjectKey(namespace: reference.namespace, name: reference.name))
    }

    /// The kind as the API has it.
    public var resource: Resource { kind == .secret ? .secrets : .configMaps }
    /// The object as messages name it.
    package var description: String { "\(resource.kind) \(key)" }
}

/// What a Secret or a ConfigMap holds.
public struct CredentialContent: Sendable, Hashable {
    /// The values by key.
    public var values: [String: [UInt8]]

    /// Reads a Secret or a ConfigMap; nil for other kinds.
    public init?(_ object: Object) {
        var values: [String: [UInt8]] = [:]
        switch object.kind {
        case Resource.secrets.kind:
            for (key, value) in object.json["data"]?.strings ?? [:] { values[key] = Base64.decode(value.utf8) }
            // Only files have it; the API server turns it into data.
            for (key, value) in object.json["stringData"]?.strings ?? [:] { values[key] = Array(value.utf8) }
        case Resource.configMaps.kind:
            for (key, value) in object.json["binaryData"]?.strings ?? [:] { values[key] = Base64.decode(value.utf8) }
            for (key, value) in object.json["data"]?.strings ?? [:] { values[key] = Array(value.utf8) }
        default: return nil
        }
        self.values = values
    }
}
