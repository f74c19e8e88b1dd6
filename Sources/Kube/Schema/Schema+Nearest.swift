extension Schema {
    /// `. Did you mean "…"?` with the field that a field which the schema does not define is probably meant to be; empty if
    /// none is similar.
    public func question(about field: FieldPath) -> String {
        guard case .key(let name)? = field.steps.last else { return "" }
        var schema = self
        for step in field.steps.dropLast() {
            guard let next = schema.inside(step) else { return "" }
            schema = next
        }
        return Nearest.question(name, among: schema.properties.keys)
    }

    private func inside(_ step: FieldPath.Step) -> Schema? {
        switch step {
        case .index: return items
        case .key(let key):
            if let schema = properties[key] { return schema }
            if case .schema(let box)? = additionalProperties { return box.value }
            return nil
        }
    }
}
