extension Object {
    /// The fields that a manager owns by server-side apply.
    ///
    /// `subresource` is empty for the object itself, and `status` for its status. Nil if the manager never applied this
    /// object, or its entry is malformed: the next apply writes a new entry.
    public func managedFields(of manager: String, subresource: String = "") -> FieldSet? {
        // Reads only the requested entry: objects have several, and their sets are large.
        let entry = json["metadata", "managedFields"]?.array?.first { entry in
            entry["manager"]?.string == manager && entry["operation"]?.string == "Apply"
                && (entry["subresource"]?.string ?? "") == subresource
        }
        return entry.flatMap { try? FieldSet(json: $0["fieldsV1"] ?? [:]) }
    }
}
