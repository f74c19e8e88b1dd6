import Kube

/// Server-side apply: merges the fields that a manager applies into the live object, by the rules of
/// structured-merge-diff.
///
/// Fields that the manager no longer applies are removed unless another manager owns them. A field that another manager
/// owns with another value is a conflict.
struct ServerSideApply {
    /// The kind of the object.
    var type: ResourceType
    /// The name of the field manager.
    var manager: String
    /// The subresource that is applied, empty for the object itself.
    var subresource = ""
    /// Whether the manager takes over fields in conflict.
    var force = false
    /// The time for `metadata.managedFields`.
    var now = Timestamp.now

    /// The object after an apply, with defaults; the live object itself if nothing changes.
    ///
    /// `live` is nil if the object is created. Throws ``APIStatus``: 409 with a cause for each conflict, 400 for
    /// managed fields in the applied object and for another version, 500 for list elements without keys or with the same
    /// keys.
    func apply(_ applied: Object, to live: Object?) throws(APIStatus) -> Object {
        do {
            return try apply(applied, to: live, force: force)
        } catch {
            // kubectl migrates from client-side apply: fields that its annotation names may change managers.
            guard manager == "kubectl", let live, let conflicts = error.details?["causes"]?.array,
                let allowed = lastApplied(in: live),
                conflicts.allSatisfy({ $0["field"]?.string.map(allowed.contains) ?? false })
            else { throw error }
            return try apply(applied, to: live, force: true)
        }
    }

    private func apply(_ applied: Object, to live: Object?, force: Bool) throws(APIStatus) -> Object {
        try check(applied)
        let ignored = type.ignoredFields(subresource: subresource)
        var config = applied.json.droppingNulls
        for case .field(let name) in ignored.children.keys where name != "metadata" { config[name] = nil }
        let version = type.resource.apiVersion
        var managed = live.map(ManagedFields.init(of:)) ?? ManagedFields()
        if let live, managed.entries.isEmpty {
            managed.record(from: nil, to: live, type: type, manager: "before-first-apply", now: now)
        }
        let start =
            live?.withoutManagedFields ?? Object(["apiVersion": .string(version), "kind": config["kind"] ?? ""])

        var mine = ManagedFieldsEntry(
            manager: manager, operation: "Apply", apiVersion: version, subresource: subresource,
            fields: type.shape.fields(of: config).recursiveDifference(ignored))
        let last = managed.entry(like: mine)
        mine.time = last?.time
        let others = managed.entries.filter { !$0.hasManager(of: mine) }

        let merged = type.shape.merging(config, into: start.json) ?? config
        let owned = others.reduce(mine.fields) { $0.union($1.fields) }
        let pruned = prune(merged, last: last?.fields ?? FieldSet(), owned: owned)
        let change = Difference(from: start.json, to: pruned, in: type.shape).ignoring(ignored)
        managed.entries = try settle(others, after: change, force: force)

        let result = type.defaulted(Object(pruned))
        mine.fields = mine.fields.withoutIdentity
        if pruned != start.json || live == nil { mine.time = now.description }
        if !mine.fields.isEmpty { managed.entries.append(mine) }
        managed.dropEmpty()
        let final = result.with(managed)
        return live.flatMap { $0.isSame(as: final) ? $0 : nil } ?? final
    }

    private func check(_ applied: Object) throws(APIStatus) {
        let resource = type.resource
        if applied.apiVersion != resource.apiVersion {
            throw .badRequest(
                "Incorrect version specified in apply patch. "
                    + "Specified patch version: \(applied.apiVersion), expected: \(resource.apiVersion)")
        }
        if let fields = applied.json["metadata", "managedFields"], !fields.isNull {
            throw .badRequest("metadata.managedFields must be nil")
        }
        let errors = type.shape.listErrors(in: applied.json)
        if !errors.isEmpty {
            throw APIStatus(
                code: 500, reason: "",
                message: "failed to create typed patch object (\(applied.key); \(resource.apiVersion), "
                    + "Kind=\(resource.kind)): \(errors.joined(separator: "\n"))")
        }
    }

    /// Takes the changed fields from the managers that own them. Throws 409 if there are such, unless forced.
    private func settle(
        _ others: [ManagedFieldsEntry], after change: Difference, force: Bool
    ) throws(APIStatus) -> [ManagedFieldsEntry] {
        let taken = change.modified.union(change.added)
        var result = others
        var conflicts: [(manager: String, field: String)] = []
        for index in result.indices {
            let lost = result[index].fields.intersection(taken)
            conflicts += lost.orderedPaths.map { (result[index].managerDescription, FieldSet.text(of: $0)) }
            result[index].fields = result[index].fields.difference(lost).difference(change.removed)
        }
        if !force, !conflicts.isEmpty { throw .applyConflict(conflicts) }
        return result
    }

    /// Removes the fields that the manager applied last time and that no manager owns now.
    private func prune(_ merged: JSON, last: FieldSet, owned: FieldSet) -> JSON {
        if last.isEmpty { return merged }
        let shape = type.shape
        let lastWithParents = last.withNamedParents(in: shape)
        let all = shape.fields(of: merged).withNamedParents(in: shape)
        // Removing an element removes all of its fields. Those that other managers own, or that none owns, are restored.
        let without = shape.removing(lastWithParents, from: merged)
        let kept = shape.fields(of: without).withNamedParents(in: shape).union(owned.withNamedParents(in: shape))
        let restored = shape.removing(all.difference(kept), from: merged)
        let left = shape.fields(of: restored).withNamedParents(in: shape)
        return shape.removing(all.difference(left).intersection(lastWithParents), from: merged)
    }

    /// The fields, as conflicts name them, that still have the values that client-side apply set; nil if its annotation is
    /// absent or cannot be read.
    private func lastApplied(in live: Object) -> Set<String>? {
        guard let text = live.annotations["kubectl.kubernetes.io/last-applied-configuration"],
            let json = try? JSON(parsing: text), json["apiVersion"]?.string == type.resource.apiVersion
        else { return nil }
        let change = Difference(from: json, to: live.json, in: type.shape)
        let same = type.shape.fields(of: json).difference(
            change.modified.union(change.added).union(change.removed))
        return Set(same.paths.map(FieldSet.text(of:)))
    }
}
