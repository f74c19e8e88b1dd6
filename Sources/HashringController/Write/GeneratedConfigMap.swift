import Kube

/// The ConfigMap that receivers read, as thanos-receive-controller shapes it.
enum GeneratedConfigMap {
    /// The object to write; nil if the existing one is up to date.
    ///
    /// Only the file and the reference to the base ConfigMap are changed in an existing object. Labels, annotations and other
    /// keys are kept.
    static func desired(text: String, options: DropInOptions, base: Object, existing: Object?) -> Object? {
        let owner = OwnerReference(
            apiVersion: Resource.configMaps.apiVersion, kind: Resource.configMaps.kind, name: base.name,
            uid: base.uid ?? "")
        guard let existing else {
            return Object(
                .configMaps, namespace: options.namespace, name: options.generatedName, ownerReferences: [owner],
                ["data": [options.fileName: .string(text)]])
        }
        var object = existing
        object.json["data", options.fileName] = .string(text)
        if object.json["binaryData", options.fileName] != nil { object.json["binaryData", options.fileName] = nil }
        let references = existing.ownerReferences
        if !references.contains(owner) {
            // A base ConfigMap that was recreated has another UID, and the garbage collector would follow the old one.
            let others = (existing.json["metadata", "ownerReferences"]?.array ?? []).filter { reference in
                reference["kind"]?.string != owner.kind || reference["apiVersion"]?.string != owner.apiVersion
                    || reference["name"]?.string != owner.name
            }
            object.json["metadata", "ownerReferences"] = .array(others + [owner.json])
        }
        return object == existing ? nil : object
    }
}
