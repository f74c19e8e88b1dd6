import Kube

extension Resource {
    /// An object with its `apiVersion` and `kind`.
    ///
    /// The API server omits them in lists, and for metadata-only requests they are those of PartialObjectMetadata.
    func naming(_ object: JSON, always: Bool = false) -> JSON {
        guard always || object["kind"] == nil || object["apiVersion"] == nil else { return object }
        var members: JSON.Members = ["apiVersion": .string(apiVersion), "kind": .string(kind)]
        for (key, value) in object.object ?? [:] where members[key] == nil { members[key] = value }
        return .object(members)
    }
}
