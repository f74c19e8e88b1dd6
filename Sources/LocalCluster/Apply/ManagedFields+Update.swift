import Kube

// Ownership after creates, updates and patches. ``ServerSideApply`` has its own rules.
extension ManagedFields {
    /// The new object with the managed fields that follow from a change.
    ///
    /// The manager owns the fields that it changed, and no other manager does any more. `new` is the object to be stored,
    /// with defaults; `old` is nil for a creation. Managed fields in the request, which `new` contains, replace the old
    /// ones; an empty list, or a list with one empty entry, removes all managers.
    static func update(
        old: Object?, new: Object, type: ResourceType, manager: String, subresource: String = "",
        now: Timestamp = .now
    ) -> Object {
        var fields = old.map(ManagedFields.init(of:)) ?? ManagedFields()
        if subresource.isEmpty, let given = new.json["metadata", "managedFields"]?.array {
            if given.isEmpty || given == [[:]] {
                fields = ManagedFields()
            } else {
                let requested = ManagedFields(of: new)
                if !requested.entries.isEmpty { fields = requested }
            }
        }
        // An object whose fields were never tracked stays that way until it is applied.
        guard old == nil || !fields.entries.isEmpty else { return new.with(ManagedFields()) }
        fields.record(from: old, to: new, type: type, manager: manager, subresource: subresource, now: now)
        let result = new.with(fields)
        return old.flatMap { $0.isSame(as: result) ? $0 : nil } ?? result
    }

    /// Records a change: its manager takes the changed fields from all others.
    mutating func record(
        from old: Object?, to new: Object, type: ResourceType, manager: String, subresource: String = "",
        now: Timestamp
    ) {
        let change = Difference(
            from: old?.withoutManagedFields.json ?? type.emptyObject(like: new), to: new.withoutManagedFields.json,
            in: type.shape
        ).ignoring(type.ignoredFields(subresource: subresource))
        let taken = change.modified.union(change.added)
        for index in entries.indices {
            entries[index].fields = entries[index].fields.difference(taken.union(change.removed))
        }
        var entry = ManagedFieldsEntry(
            manager: manager, operation: "Update", apiVersion: type.resource.apiVersion, subresource: subresource,
            time: now.description,
            fields: taken.withoutIdentity.recursiveDifference(type.serverFields(in: new)))
        if !entry.fields.isEmpty {
            if let before = self.entry(like: entry) { entry.fields = before.fields.union(entry.fields) }
            set(entry)
        }
        dropEmpty()
        mergeAncient()
    }
}

extension ResourceType {
    /// The fields that a write of the object, or of a subresource, leaves alone.
    func ignoredFields(subresource: String) -> FieldSet {
        if subresource == Subresource.status.rawValue {
            return FieldSet(isBuiltIn ? [[.field("spec")]] : [[.field("spec")], [.field("metadata")]])
        }
        return subresources.contains(.status) ? FieldSet([[.field("status")]]) : FieldSet()
    }

    /// The fields that the server sets in a new object, whatever the manager.
    fileprivate func serverFields(in object: Object) -> FieldSet {
        let spec = FieldSet.Element.field("spec")
        if resource == .namespaces { return FieldSet([[spec, .field("finalizers")]]) }
        if resource == .services, object.json["spec", "clusterIP"]?.string != "None" {
            let names = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]
            return FieldSet(names.map { [spec, .field($0)] })
        }
        return FieldSet()
    }

    /// The object that a new object is compared with: the fields that built-in kinds have even if they are empty.
    fileprivate func emptyObject(like new: Object) -> JSON {
        guard isBuiltIn else { return [:] }
        var json: JSON = [:]
        let always: [[String]] = [
            ["metadata"], ["spec"], ["status"], ["spec", "template"], ["spec", "template", "metadata"],
            ["spec", "template", "spec"], ["spec", "strategy"], ["spec", "updateStrategy"],
        ]
        for path in always where new.json[path: path]?.object?.isEmpty == false { json[path: path] = [:] }
        return json
    }
}
