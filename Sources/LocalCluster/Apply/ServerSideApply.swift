import Kube

/// Server-side apply: merges what a manager wants into what is there, by who owns which field.
///
/// The rules are structured-merge-diff's. Fields that the manager applied before and applies no longer are removed unless
/// somebody else owns them; a field that somebody else owns with another value is a conflict.
struct ServerSideApply {
    var type: ResourceType
    var manager: FieldManager
    /// Whether conflicts are won instead of refused.
    var force = false
    var now = Timestamp.now

    /// The object after an apply, its defaults filled in; the live object itself where nothing changes.
    ///
    /// `live` is nil where the object is created. Throws ``APIStatus``: 409 with a cause for each conflict, 400 for
    /// managed fields in the applied object or another version, 500 for lists whose elements cannot be told apart.
    func apply(_ applied: Object, to live: Object?) throws(APIStatus) -> Object {
        do {
            return try apply(applied, to: live, force: force)
        } catch {
            // kubectl moves over from client-side apply: what its annotation says was applied may change hands.
            guard manager.name == "kubectl", let live, let conflicts = error.details?["causes"]?.array,
                let allowed = lastApplied(in: live),
                conflicts.allSatisfy({ $0["field"]?.string.map(allowed.contains) ?? false })
            else { throw error }
            return try apply(applied, to: live, force: true)
        }
    }

    private func apply(_ applied: Object, to live: Object?, force: Bool) throws(APIStatus) -> Object {
        try check(applied)
        let ignored = type.ignoredPaths(subresource: manager.subresource)
        var config = applied.json.droppingNulls
        for case .field(let name) in ignored.members where name != "metadata" { config[name] = nil }
        let version = type.resource.apiVersion
        var managers = FieldManagers(of: live ?? Object([:]))
        if let live, managers.entries.isEmpty {
            ManagedFields.record(
                from: nil, to: live, type: type, manager: FieldManager("before-first-apply"), now: now, in: &managers)
        }
        let start =
            live?.withoutManagedFields ?? Object(["apiVersion": .string(version), "kind": config["kind"] ?? ""])

        let last = managers.entry(of: manager, isApply: true, apiVersion: version)
        var mine = FieldManagers.Entry(
            manager: manager, isApply: true, apiVersion: version, time: last?.time,
            fields: type.shape.paths(of: config).subtractingAll(below: ignored))
        let others = managers.entries.filter { !$0.isEntry(of: manager, isApply: true, apiVersion: version) }

        let merged = type.shape.merging(config, into: start.json) ?? config
        let owned = others.reduce(mine.fields) { $0.union($1.fields) }
        let pruned = prune(merged, last: last?.fields ?? PathSet(), owned: owned)
        let change = Difference(from: start.json, to: pruned, in: type.shape).ignoring(ignored)
        managers.entries = try settle(others, after: change, force: force)

        let result = type.defaulted(Object(pruned))
        mine.fields = mine.fields.subtracting(.unowned)
        if pruned != start.json || live == nil { mine.time = now.description }
        if !mine.fields.isEmpty { managers.entries.append(mine) }
        managers.dropEmpty()
        let final = result.with(managers)
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
        let faults = type.shape.faults(in: applied.json)
        if !faults.isEmpty {
            throw APIStatus(
                code: 500, reason: "",
                message: "failed to create typed patch object (\(applied.key); \(resource.apiVersion), "
                    + "Kind=\(resource.kind)): \(faults.joined(separator: "\n"))")
        }
    }

    /// Takes the fields that change from the managers that own them: refused unless they are won by force.
    private func settle(
        _ others: [FieldManagers.Entry], after change: Difference, force: Bool
    ) throws(APIStatus) -> [FieldManagers.Entry] {
        let taken = change.modified.union(change.added)
        var result = others
        var conflicts: [(manager: String, field: String)] = []
        for index in result.indices {
            let lost = result[index].fields.intersection(taken)
            conflicts += lost.paths.map { (result[index].message, $0.map(\.message).joined()) }
            result[index].fields = result[index].fields.subtracting(lost).subtracting(change.removed)
        }
        if !force, !conflicts.isEmpty { throw .applyConflict(conflicts) }
        return result
    }

    /// Removes what this manager applied last time and nobody owns now.
    private func prune(_ merged: JSON, last: PathSet, owned: PathSet) -> JSON {
        if last.isEmpty { return merged }
        let shape = type.shape
        let lastWithParents = last.withNamedParents(in: shape)
        let all = shape.paths(of: merged).withNamedParents(in: shape)
        // Removing an element takes away all that is in it, also what others own or what nobody does: that comes back.
        let without = shape.removing(lastWithParents, from: merged)
        let kept = shape.paths(of: without).withNamedParents(in: shape).union(owned.withNamedParents(in: shape))
        let restored = shape.removing(all.subtracting(kept), from: merged)
        let left = shape.paths(of: restored).withNamedParents(in: shape)
        return shape.removing(all.subtracting(left).intersection(lastWithParents), from: merged)
    }

    /// The fields, as conflicts name them, that client-side apply set and that still are as it set them.
    private func lastApplied(in live: Object) -> Set<String>? {
        guard let text = live.annotations["kubectl.kubernetes.io/last-applied-configuration"],
            let json = try? JSON(parsing: text), json["apiVersion"]?.string == type.resource.apiVersion
        else { return nil }
        let change = Difference(from: json, to: live.json, in: type.shape)
        let same = type.shape.paths(of: json).subtracting(change.modified.union(change.added).union(change.removed))
        return Set(same.paths.map { $0.map(\.message).joined() })
    }
}
