import Kube

/// Who made a request, as managed fields name it.
struct FieldManager: Sendable, Hashable {
    /// The `fieldManager` parameter, or what the user agent says before its first slash.
    var name: String
    /// The subresource that is written, empty for the object itself.
    var subresource = ""

    /// A manager; one without a name is `unknown`.
    init(_ name: String, subresource: String? = nil) {
        self.name = name.isEmpty ? "unknown" : name
        self.subresource = subresource ?? ""
    }
}

/// Who owns which fields of an object: `metadata.managedFields`.
struct FieldManagers: Sendable, Hashable {
    /// What one manager owns: `meta/v1` ManagedFieldsEntry.
    struct Entry: Sendable, Hashable {
        var manager: FieldManager
        /// Whether by apply, rather than by any other kind of write.
        var isApply: Bool
        var apiVersion: String
        /// When the manager last changed something, RFC 3339.
        var time: String?
        var fields: PathSet

        /// Whether this is the entry of a manager; one that applies has one entry whatever the version.
        func isEntry(of manager: FieldManager, isApply: Bool, apiVersion: String) -> Bool {
            self.manager == manager && self.isApply == isApply && (isApply || self.apiVersion == apiVersion)
        }

        /// As messages name the manager: `"kubectl" with subresource "scale" using apps/v1`.
        var message: String {
            var text = JSON.string(manager.name).text()
            if !manager.subresource.isEmpty { text += " with subresource \"\(manager.subresource)\"" }
            return isApply ? text : "\(text) using \(apiVersion)"
        }
    }

    var entries: [Entry]

    /// No managers.
    init() { entries = [] }

    /// The managers of an object; none where they cannot be read.
    init(of object: Object) {
        let list = object.json["metadata", "managedFields"]?.array ?? []
        let read = list.compactMap(Entry.init)
        entries = read.count == list.count ? read : []
    }

    /// The managed fields as they stand in metadata: those that applied first, then by time and name; nil if none.
    var json: JSON? {
        if entries.isEmpty { return nil }
        func order(_ entry: Entry) -> (Int, String, String, String, String) {
            (
                entry.isApply ? 0 : 1, entry.time ?? "", entry.manager.name, entry.apiVersion,
                entry.manager.subresource
            )
        }
        return .array(entries.sorted { order($0) < order($1) }.map(\.json))
    }

    /// The entry of a manager; setting one without fields removes it.
    func entry(of manager: FieldManager, isApply: Bool, apiVersion: String) -> Entry? {
        entries.first { $0.isEntry(of: manager, isApply: isApply, apiVersion: apiVersion) }
    }

    /// Puts an entry in the place of the same manager's.
    mutating func set(_ entry: Entry) {
        let index = entries.firstIndex {
            $0.isEntry(of: entry.manager, isApply: entry.isApply, apiVersion: entry.apiVersion)
        }
        if let index { entries[index] = entry } else { entries.append(entry) }
        dropEmpty()
    }

    /// Removes the managers that own nothing.
    mutating func dropEmpty() { entries.removeAll(where: \.fields.isEmpty) }

    /// Merges the entries that were updated longest ago where there are more than ten, as `ancient-changes`.
    mutating func mergeAncient(limit: Int = 10) {
        let updates = entries.filter { !$0.isApply }.sorted { ($0.time ?? "") < ($1.time ?? "") }
        var excess = updates.count - limit
        guard excess > 0 else { return }
        let ancient = FieldManager("ancient-changes")
        var firsts: [String: Entry] = [:]
        for entry in updates where excess > 0 {
            guard let first = firsts[entry.apiVersion] else {
                firsts[entry.apiVersion] = entry
                continue
            }
            entries.removeAll { $0 == entry || $0 == first }
            var bucket = first
            bucket.manager = ancient
            bucket.fields = bucket.fields.union(entry.fields)
            bucket.time = entry.time
            set(bucket)
            firsts[entry.apiVersion] = bucket
            excess -= 1
        }
    }
}

extension FieldManagers.Entry {
    fileprivate init?(_ json: JSON) {
        guard let operation = json["operation"]?.string, operation == "Apply" || operation == "Update",
            let apiVersion = json["apiVersion"]?.string, json["fieldsType"]?.string == "FieldsV1"
        else { return nil }
        manager = FieldManager(json["manager"]?.string ?? "", subresource: json["subresource"]?.string)
        isApply = operation == "Apply"
        self.apiVersion = apiVersion
        time = json["time"]?.string
        fields = PathSet(fieldsV1: json["fieldsV1"] ?? [:])
    }

    fileprivate var json: JSON {
        var json: JSON = [
            "manager": .string(manager.name), "operation": isApply ? "Apply" : "Update",
            "apiVersion": .string(apiVersion),
        ]
        if let time { json["time"] = .string(time) }
        json["fieldsType"] = "FieldsV1"
        json["fieldsV1"] = fields.fieldsV1
        if !manager.subresource.isEmpty { json["subresource"] = .string(manager.subresource) }
        return json
    }
}
