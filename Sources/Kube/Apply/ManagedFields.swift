/// What one manager owns of an object: an entry of `metadata.managedFields`.
public struct ManagedFieldsEntry: Sendable, Hashable {
    /// The manager's name.
    public var manager: String
    /// `Apply` for server-side apply, `Update` for everything else.
    public var operation: String
    /// The version in which the fields are named.
    public var apiVersion: String
    /// The subresource that was written, empty for the object itself.
    public var subresource: String
    /// When the entry last changed, RFC 3339.
    public var time: String?
    /// The fields.
    public var fields: FieldSet

    /// An entry.
    public init(
        manager: String, operation: String, apiVersion: String, subresource: String = "", time: String? = nil,
        fields: FieldSet
    ) {
        self.manager = manager
        self.operation = operation
        self.apiVersion = apiVersion
        self.subresource = subresource
        self.time = time
        self.fields = fields
    }

    /// An entry from its JSON form. Throws ``FieldError``.
    public init(json: JSON) throws(FieldError) {
        self.init(
            manager: json["manager"]?.string ?? "", operation: json["operation"]?.string ?? "",
            apiVersion: json["apiVersion"]?.string ?? "", subresource: json["subresource"]?.string ?? "",
            time: json["time"]?.string, fields: try FieldSet(json: json["fieldsV1"] ?? [:]))
    }

    /// The entry as it stands in `managedFields`.
    public var json: JSON {
        var json: JSON = ["apiVersion": .string(apiVersion), "fieldsType": "FieldsV1", "fieldsV1": fields.json]
        json["manager"] = .string(manager)
        json["operation"] = .string(operation)
        if !subresource.isEmpty { json["subresource"] = .string(subresource) }
        if let time { json["time"] = .string(time) }
        return json
    }
}

extension Object {
    /// All entries of `metadata.managedFields` that can be read.
    public var managedFields: [ManagedFieldsEntry] {
        (json["metadata", "managedFields"]?.array ?? []).compactMap { try? ManagedFieldsEntry(json: $0) }
    }

    /// What a manager owns by server-side apply, or nil if it never applied this object.
    ///
    /// `subresource` is empty for the object itself, `status` for its status.
    public func managedFields(of manager: String, subresource: String = "") -> FieldSet? {
        // Only the entry that is asked for is read: objects have several, and their sets are large.
        let entry = json["metadata", "managedFields"]?.array?.first { entry in
            entry["manager"]?.string == manager && entry["operation"]?.string == "Apply"
                && (entry["subresource"]?.string ?? "") == subresource
        }
        return entry.flatMap { try? FieldSet(json: $0["fieldsV1"] ?? [:]) }
    }
}
