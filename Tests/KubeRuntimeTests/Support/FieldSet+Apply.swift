import Kube

/// What one manager owns of an object: an entry of `metadata.managedFields`.
struct ManagedFieldsEntry {
    var manager: String
    var operation: String
    var apiVersion: String
    var subresource: String
    var fields: FieldSet

    var json: JSON {
        var json: JSON = [
            "apiVersion": .string(apiVersion), "fieldsType": "FieldsV1", "fieldsV1": fields.json,
            "manager": .string(manager), "operation": .string(operation),
        ]
        if !subresource.isEmpty { json["subresource"] = .string(subresource) }
        return json
    }
}

extension Object {
    /// The entries of `metadata.managedFields`.
    var managedFields: [ManagedFieldsEntry] {
        (json["metadata", "managedFields"]?.array ?? []).compactMap { entry in
            (try? FieldSet(json: entry["fieldsV1"] ?? [:])).map { fields in
                ManagedFieldsEntry(
                    manager: entry["manager"]?.string ?? "", operation: entry["operation"]?.string ?? "",
                    apiVersion: entry["apiVersion"]?.string ?? "", subresource: entry["subresource"]?.string ?? "",
                    fields: fields)
            }
        }
    }
}

extension FieldSet {
    /// The fields of an object without a schema: lists are atomic, objects are not.
    init(of value: JSON) {
        self.init()
        guard let members = value.object else {
            isMember = true
            return
        }
        for (key, member) in members {
            var child = FieldSet(of: member)
            child.isMember = true
            children[.field(key)] = child
        }
    }

    /// The fields that have no other field of the set below them.
    var leaves: FieldSet {
        guard !children.isEmpty else { return self }
        var result = FieldSet()
        result.children = children.mapValues(\.leaves)
        return result
    }

    /// An object without the fields in the set. Objects and lists that become empty stay.
    func removing(from value: JSON) -> JSON {
        guard case .object(var members) = value else { return value }
        for (key, member) in members {
            guard let child = children[.field(key)] else { continue }
            // Not a conditional expression: its nil would be JSON's null.
            if child.isMember { members[key] = nil } else { members[key] = child.removing(from: member) }
        }
        return .object(members)
    }

    /// The set in its `fieldsV1` form.
    var json: JSON {
        var members: JSON.Members = [:]
        if isMember, !children.isEmpty { members["."] = [:] }
        for (element, child) in children {
            guard case .field(let name) = element else { continue }
            members["f:\(name)"] = child.json
        }
        return .object(members)
    }
}
