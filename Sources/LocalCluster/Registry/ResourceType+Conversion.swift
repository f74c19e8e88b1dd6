import Kube

// One object, served in several versions: versions differ in their `apiVersion` only, but for the two kinds of events.
extension ResourceType {
    /// The object in this kind's version.
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

    /// The JSON of the object in this kind's version.
    func servedBytes(_ entry: Entry) -> [UInt8] {
        entry.object.apiVersion == resource.apiVersion ? entry.bytes : served(entry.object).json.encoded()
    }

    /// The object as it is stored: in the version in which it was written last.
    func stored(_ object: Object) -> Object { object }
}

/// What the same fields are called in `v1` and in `events.k8s.io/v1`.
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
    /// Gives members other names, in their places.
    fileprivate mutating func renameMembers(_ names: [String: String]) {
        guard let members = object else { return }
        var renamed = Members(minimumCapacity: members.count)
        for (key, value) in members { renamed[names[key] ?? key] = value }
        self = .object(renamed)
    }
}
