import Kube

/// The fields that each manager of an object owns, while a write changes them: `metadata.managedFields`.
struct ManagedFields: Sendable, Hashable {
    /// The entries of `metadata.managedFields`.
    var entries: [ManagedFieldsEntry]

    /// Creates managed fields without entries.
    init() { entries = [] }

    /// The managed fields of an object. As in kube-apiserver, there are none if one entry cannot be read.
    init(of object: Object) {
        entries = []
        for json in object.json["metadata", "managedFields"]?.array ?? [] {
            guard json["fieldsType"]?.string == "FieldsV1", let entry = try? ManagedFieldsEntry(json: json),
                ["Apply", "Update"].contains(entry.operation), !entry.apiVersion.isEmpty
            else {
                entries = []
                return
            }
            entries.append(entry)
        }
    }

    /// The entries as JSON, appliers first, then by time and name; nil if there are none.
    var json: JSON? {
        if entries.isEmpty { return nil }
        func order(_ entry: ManagedFieldsEntry) -> (Int, String, String, String, String) {
            (entry.isApply ? 0 : 1, entry.time ?? "", entry.manager, entry.apiVersion, entry.subresource)
        }
        return .array(entries.sorted { order($0) < order($1) }.map(\.json))
    }

    /// The entry of the same manager as another entry.
    func entry(like other: ManagedFieldsEntry) -> ManagedFieldsEntry? { entries.first { $0.hasManager(of: other) } }

    /// Replaces the entry of the same manager, or adds one.
    mutating func set(_ entry: ManagedFieldsEntry) {
        if let index = entries.firstIndex(where: { $0.hasManager(of: entry) }) {
            entries[index] = entry
        } else {
            entries.append(entry)
        }
        dropEmpty()
    }

    /// Removes the entries without fields.
    mutating func dropEmpty() { entries.removeAll(where: \.fields.isEmpty) }

    /// Merges the oldest entries of updates into `ancient-changes` if there are more than ten.
    mutating func mergeAncient(limit: Int = 10) {
        let updates = entries.filter { !$0.isApply }.sorted { ($0.time ?? "") < ($1.time ?? "") }
        var excess = updates.count - limit
        guard excess > 0 else { return }
        var oldest: [String: ManagedFieldsEntry] = [:]
        for entry in updates where excess > 0 {
            guard let first = oldest[entry.apiVersion] else {
                oldest[entry.apiVersion] = entry
                continue
            }
            entries.removeAll { $0 == entry || $0 == first }
            var merged = first
            merged.manager = "ancient-changes"
            merged.fields = merged.fields.union(entry.fields)
            merged.time = entry.time
            set(merged)
            oldest[entry.apiVersion] = merged
            excess -= 1
        }
    }
}

extension ManagedFieldsEntry {
    /// Whether the manager owns the fields by server-side apply.
    var isApply: Bool { operation == "Apply" }

    /// Whether two entries belong to the same manager. An applier has one entry, whatever the version.
    func hasManager(of other: ManagedFieldsEntry) -> Bool {
        manager == other.manager && subresource == other.subresource && operation == other.operation
            && (isApply || apiVersion == other.apiVersion)
    }

    /// The manager as conflict messages name it: `"kubectl" with subresource "scale" using apps/v1`.
    var managerDescription: String {
        var text = JSON.string(manager).text()
        if !subresource.isEmpty { text += " with subresource \"\(subresource)\"" }
        return isApply ? text : "\(text) using \(apiVersion)"
    }
}
