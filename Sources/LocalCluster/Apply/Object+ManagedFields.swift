import Kube

/// Keeps `metadata.managedFields` after writes that are no apply: create, update and patch.
enum ManagedFields {
    /// The new object with the managed fields that follow from the change.
    ///
    /// Whoever made the change owns what it changed, and nobody else does any more. `new` is what will be stored, its
    /// defaults filled in; `old` is nil for a creation. Managed fields that the request itself had (`new` has them)
    /// replace the old ones; an empty list, or one with an empty entry, takes all managers away.
    static func update(
        old: Object?, new: Object, type: ResourceType, manager: FieldManager, now: Timestamp = .now
    ) -> Object {
        var managers = FieldManagers(of: old ?? Object([:]))
        if manager.subresource.isEmpty, let given = new.json["metadata", "managedFields"]?.array {
            if given.isEmpty || given == [[:]] {
                managers = FieldManagers()
            } else {
                let read = FieldManagers(of: new)
                if !read.entries.isEmpty { managers = read }
            }
        }
        // Objects that nobody's ownership was ever tracked of stay so, until they are applied.
        guard old == nil || !managers.entries.isEmpty else { return new.with(FieldManagers()) }
        record(from: old, to: new, type: type, manager: manager, now: now, in: &managers)
        let result = new.with(managers)
        return old.flatMap { $0.isSame(as: result) ? $0 : nil } ?? result
    }

    /// Notes a change in the managers: takes what it changed from all, and gives it to the one who made it.
    static func record(
        from old: Object?, to new: Object, type: ResourceType, manager: FieldManager, now: Timestamp,
        in managers: inout FieldManagers
    ) {
        let ignored = type.ignoredPaths(subresource: manager.subresource)
        let change = Difference(
            from: old?.withoutManagedFields.json ?? type.emptyObject(like: new), to: new.withoutManagedFields.json,
            in: type.shape
        ).ignoring(ignored)
        let taken = change.modified.union(change.added)
        for index in managers.entries.indices {
            managers.entries[index].fields = managers.entries[index].fields.subtracting(taken.union(change.removed))
        }
        let version = type.resource.apiVersion
        let own = taken.subtracting(.unowned).subtractingAll(below: type.givenPaths(in: new))
        if !own.isEmpty {
            let before = managers.entry(of: manager, isApply: false, apiVersion: version)
            managers.set(
                FieldManagers.Entry(
                    manager: manager, isApply: false, apiVersion: version, time: now.description,
                    fields: before?.fields.union(own) ?? own))
        }
        managers.dropEmpty()
        managers.mergeAncient()
    }
}

extension PathSet {
    /// What nobody owns: what names the object, and what the server itself keeps.
    static let unowned: PathSet = {
        var set = PathSet()
        for name in ["apiVersion", "kind", "metadata"] { set.insert(.field(name)) }
        for name in [
            "name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields",
            "resourceVersion",
        ] {
            set.insert([.field("metadata"), .field(name)])
        }
        return set
    }()
}

extension ResourceType {
    /// The fields that a write of the object, or of a subresource, leaves alone.
    func ignoredPaths(subresource: String) -> PathSet {
        var set = PathSet()
        if subresource == Subresource.status.rawValue {
            set.insert(.field("spec"))
            if !isBuiltIn { set.insert(.field("metadata")) }
        } else if subresources.contains(.status) {
            set.insert(.field("status"))
        }
        return set
    }

    /// The fields that the server gives a new object, whoever makes it.
    fileprivate func givenPaths(in object: Object) -> PathSet {
        var set = PathSet()
        let spec = PathStep.field("spec")
        if resource == .namespaces { set.insert([spec, .field("finalizers")]) }
        if resource == .services, object.json["spec", "clusterIP"]?.string != "None" {
            for name in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
                set.insert([spec, .field(name)])
            }
        }
        return set
    }

    /// What an object is compared with that is created: the fields that built-in kinds have even when they are empty.
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

extension Object {
    /// The object without its managed fields.
    var withoutManagedFields: Object {
        var json = json
        json["metadata", "managedFields"] = nil
        return Object(json)
    }

    /// The object with these managers of its fields.
    func with(_ managers: FieldManagers) -> Object {
        var json = json
        json["metadata", "managedFields"] = managers.json
        return Object(json)
    }

    /// Whether another object is the same but for when its managers last wrote: then nothing needs to be stored.
    func isSame(as other: Object) -> Bool {
        func timeless(_ object: Object) -> JSON {
            var json = object.json
            json.change("metadata") { $0.changeEach("managedFields") { $0["time"] = nil } }
            return json
        }
        return timeless(self) == timeless(other)
    }
}
