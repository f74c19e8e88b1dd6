import Kube

extension ResourceType {
    /// A stored object in the version of this kind.
    ///
    /// Versions differ only in `apiVersion`, except for the two groups of events, which have other field names, too.
    func served(_ stored: Object) -> Object {
        if stored.apiVersion == resource.apiVersion { return stored }
        var object = stored
        if resource.plural == "events", isBuiltIn {
            object.json.renameMembers(
                resource.group.isEmpty ? EventFields.newToCore : EventFields.coreToNew)
        }
        object.json["apiVersion"] = .string(resource.apiVersion)
        return object
    }

}

/// The names of the same fields in `v1` and in `events.k8s.io/v1`.
private enum EventFields {
    static let pairs = [
        ("involvedObject", "regarding"), ("message", "note"), ("source", "deprecatedSource"),
        ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"),
        ("count", "deprecatedCount"), ("reportingComponent", "reportingController"),
    ]
    static let coreToNew = Dictionary(uniqueKeysWithValues: pairs)
    static let newToCore = Dictionary(uniqueKeysWithValues: pairs.map { ($1, $0) })
}

extension JSON {
    /// Renames members and keeps their order.
    fileprivate mutating func renameMembers(_ names: [String: String]) {
        guard let members = object else { return }
        var renamed = Members(minimumCapacity: members.count)
        for (key, value) in members { renamed[names[key] ?? key] = value }
        self = .object(renamed)
    }
}
