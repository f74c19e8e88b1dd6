import Kube

extension Object {
    /// The object without its managed fields.
    var withoutManagedFields: Object {
        var json = json
        json["metadata", "managedFields"] = nil
        return Object(json)
    }

    /// The object with other managed fields.
    func with(_ fields: ManagedFields) -> Object {
        var json = json
        json["metadata", "managedFields"] = fields.json
        return Object(json)
    }

    /// Whether two objects are equal except for the times in their managed fields; then nothing needs to be stored.
    func isSame(as other: Object) -> Bool {
        func timeless(_ object: Object) -> JSON {
            var json = object.json
            json.change("metadata") { $0.changeEach("managedFields") { $0["time"] = nil } }
            return json
        }
        return timeless(self) == timeless(other)
    }
}
