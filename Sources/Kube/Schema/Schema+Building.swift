import OrderedCollections

extension Schema {
    /// The schema of an object with named members.
    public static func object(
        _ properties: OrderedDictionary<String, Schema>, required: [String] = [], description: String? = nil
    ) -> Schema {
        var schema = Schema(type: .object, description: description)
        schema.properties = properties
        schema.required = required
        return schema
    }

    /// The schema of an object whose members can have any name and share one schema.
    public static func map(of values: Schema, description: String? = nil) -> Schema {
        var schema = Schema(type: .object, description: description)
        schema.additionalProperties = .schema(Boxed(values))
        return schema
    }

    /// The schema of a list.
    public static func array(of items: Schema, description: String? = nil) -> Schema {
        var schema = Schema(type: .array, description: description)
        schema.items = items
        return schema
    }

    /// The schema of a string.
    public static func string(_ description: String? = nil) -> Schema {
        Schema(type: .string, description: description)
    }
    /// The schema of an integer; `format` is `int32` or `int64`.
    public static func integer(_ description: String? = nil, format: String? = nil) -> Schema {
        var schema = Schema(type: .integer, description: description)
        schema.format = format
        return schema
    }
    /// The schema of a boolean.
    public static func boolean(_ description: String? = nil) -> Schema {
        Schema(type: .boolean, description: description)
    }

    /// The schema of a port or quantity: an integer or a string.
    public static func intOrString(_ description: String? = nil) -> Schema {
        var schema = Schema(description: description)
        schema.isIntOrString = true
        return schema
    }

    /// The schema of an object that may have any members, none of which are pruned.
    public static func anyObject(_ description: String? = nil) -> Schema {
        var schema = Schema(type: .object, description: description)
        schema.preservesUnknownFields = true
        return schema
    }

    /// This schema with changes: `.string("…").with { $0.minLength = 1 }`.
    public func with(_ change: (inout Schema) -> Void) -> Schema {
        var schema = self
        change(&schema)
        return schema
    }
}
