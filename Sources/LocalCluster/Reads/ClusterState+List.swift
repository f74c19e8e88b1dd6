import Kube

extension ClusterState {
    /// A page of a list.
    struct Page {
        var objects: [StoredObject]
        var metadata: JSON
    }

    /// A page of the objects that a list covers. Throws 410 if the history does not reach back to the page's resource
    /// version, and 504 if the resource version is in the future.
    func list(_ type: ResourceType, _ call: ListCall) throws(APIStatus) -> Page {
        let collection = collection(CollectionKey(type.resource))
        var revision = self.revision
        var source = collection.objects
        if let wanted = call.revision, wanted > revision { throw Self.tooLarge(wanted, current: revision) }
        if let token = call.token, token.revision > revision {
            throw .badRequest("invalid continue token: continue key is not valid: \(token.text)")
        }
        if let past = call.token?.revision ?? (call.isExact ? call.revision : nil) {
            guard let objects = collection.objects(at: past) else {
                throw .expired(
                    call.token == nil
                        ? "The resourceVersion for the provided list is too old."
                        : "The provided continue parameter is too old to display a consistent list result. You must "
                            + "start a new list without the continue parameter.")
            }
            (revision, source) = (past, objects)
        }
        var page: [StoredObject] = []
        var lastKey: ObjectKey?
        var remaining = 0
        source.forEach(in: call.filter.namespace, from: call.token?.key) { key, object in
            if key == call.token?.key { return true }
            guard call.filter.isEmpty || call.filter.matches(type.served(object.object), key) else { return true }
            if let limit = call.limit, page.count >= limit {
                remaining += 1
                // The number is part of the answer only without selectors.
                return call.filter.isEmpty
            }
            page.append(object)
            lastKey = key
            return true
        }
        var metadata: JSON = ["resourceVersion": .string(String(revision))]
        if remaining > 0, let lastKey {
            metadata["continue"] = .string(ContinueToken(revision: revision, key: lastKey).text)
            if call.filter.isEmpty { metadata["remainingItemCount"] = JSON(remaining) }
        }
        return Page(objects: page, metadata: metadata)
    }

    /// 504 for a resource version that the server has not reached yet.
    static func tooLarge(_ wanted: Int, current: Int) -> APIStatus {
        APIStatus(
            code: 504, reason: "Timeout",
            message: "Too large resource version: \(wanted), current: \(current)",
            details: [
                "causes": [["reason": "ResourceVersionTooLarge", "message": "Too large resource version"]],
                "retryAfterSeconds": 1,
            ])
    }
}
