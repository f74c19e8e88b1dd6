import OrderedCollections

/// A structural schema: what a CustomResourceDefinition says of its objects (`apiextensions/v1` JSONSchemaProps).
///
/// It validates, fills in defaults and prunes unknown fields as the API server does. CEL rules are carried, not run.
public struct Schema: Sendable, Hashable {
    /// The JSON types that a schema can name.
    public enum ValueType: String, Sendable, Hashable {
        case object, array, string, integer, number, boolean
    }

    /// How the elements of a list belong together: `x-kubernetes-list-type`.
    public enum ListType: String, Sendable, Hashable {
        /// The list is one value: whoever applies it owns all of it.
        case atomic
        /// No element is there twice, and each is owned by whoever applied it.
        case set
        /// Elements are objects told apart by the members that ``Schema/listMapKeys`` names.
        case map
    }

    /// How the members of an object belong together: `x-kubernetes-map-type`.
    public enum MapType: String, Sendable, Hashable {
        case atomic, granular
    }

    /// What `additionalProperties` says of members that ``Schema/properties`` does not name.
    public enum AdditionalProperties: Sendable, Hashable {
        /// They may be there, whatever they are; false is the same as saying nothing, but for `false` in the JSON form.
        case allowed(Bool)
        /// They have this schema.
        case schema(SchemaBox)
    }

    /// A CEL rule: `x-kubernetes-validations`.
    public struct Rule: Sendable, Hashable {
        /// The expression that must be true; `self` is the value, `oldSelf` the one it replaces.
        public var rule: String
        /// What is said when it is not.
        public var message: String?
        /// An expression that makes the message.
        public var messageExpression: String?
        /// The reason of the cause, such as `FieldValueForbidden`.
        public var reason: String?
        /// Which field is at fault, such as `.spec.x`.
        public var fieldPath: String?
        /// Whether `oldSelf` is optional, so that the rule also runs on creation.
        public var optionalOldSelf: Bool?

        /// A rule.
        public init(
            _ rule: String, message: String? = nil, messageExpression: String? = nil, reason: String? = nil,
            fieldPath: String? = nil, optionalOldSelf: Bool? = nil
        ) {
            self.rule = rule
            self.message = message
            self.messageExpression = messageExpression
            self.reason = reason
            self.fieldPath = fieldPath
            self.optionalOldSelf = optionalOldSelf
        }
    }

    /// The type; nil for int-or-string and where unknown fields are preserved.
    public var type: ValueType?
    /// What `kubectl explain` says of the field.
    public var description: String?
    /// A finer meaning of the type: `int32`, `int64`, `date-time`, `duration`, …; formats that are unknown say nothing.
    public var format: String?
    /// The value that stands where there is none.
    public var defaultValue: JSON?
    /// Whether null is a value of its own; else null means absent.
    public var nullable = false

    /// The members that an object can have.
    public var properties: OrderedDictionary<String, Schema> = [:]
    /// Members besides those.
    public var additionalProperties: AdditionalProperties?
    /// The members that an object must have.
    public var required: [String] = []
    /// The fewest members an object can have.
    public var minProperties: Int?
    /// The most members an object can have.
    public var maxProperties: Int?

    /// The fewest elements a list can have.
    public var minItems: Int?
    /// The most elements a list can have.
    public var maxItems: Int?
    /// Whether no element can be there twice.
    public var uniqueItems = false

    /// The fewest characters (Unicode scalars) a string can have.
    public var minLength: Int?
    /// The most characters (Unicode scalars) a string can have.
    public var maxLength: Int?
    /// A regular expression as RE2 reads it, searched for anywhere in the string.
    public var pattern: String?

    /// The least a number can be.
    public var minimum: Double?
    /// The most a number can be.
    public var maximum: Double?
    /// Whether the minimum itself is too little.
    public var exclusiveMinimum = false
    /// Whether the maximum itself is too much.
    public var exclusiveMaximum = false
    /// What a number must be a multiple of.
    public var multipleOf: Double?

    /// The values that are allowed; `enum` in the JSON form.
    public var allowedValues: [JSON]?

    /// Schemas all of which the value must fit.
    public var allOf: [Schema] = []
    /// Schemas one or more of which the value must fit.
    public var anyOf: [Schema] = []
    /// Schemas exactly one of which the value must fit.
    public var oneOf: [Schema] = []

    /// An integer or a string: `x-kubernetes-int-or-string`.
    public var isIntOrString = false
    /// Fields that the schema does not name are kept: `x-kubernetes-preserve-unknown-fields`.
    public var preservesUnknownFields = false
    /// The value is a whole Kubernetes object: `x-kubernetes-embedded-resource`.
    public var isEmbeddedResource = false
    /// How the elements of the list belong together.
    public var listType: ListType?
    /// The members that tell the list's elements apart: `x-kubernetes-list-map-keys`.
    public var listMapKeys: [String] = []
    /// How the members of the object belong together.
    public var mapType: MapType?
    /// The CEL rules.
    public var rules: [Rule] = []
    /// Members of the JSON form that have no place above, such as `example`; written back as they came.
    public var extras: JSON.Members = [:]

    private var itemsBox: SchemaBox?
    private var notBox: SchemaBox?

    /// A schema that says nothing but its type.
    public init(type: ValueType? = nil, description: String? = nil) {
        self.type = type
        self.description = description
    }

    /// The schema of a list's elements.
    public var items: Schema? {
        get { itemsBox?.schema }
        set { itemsBox = newValue.map(SchemaBox.init) }
    }

    /// A schema that the value must not fit.
    public var not: Schema? {
        get { notBox?.schema }
        set { notBox = newValue.map(SchemaBox.init) }
    }

    /// The schema of a member, named or additional.
    public func property(_ name: String) -> Schema? {
        if let named = properties[name] { return named }
        if case .schema(let box)? = additionalProperties { return box.schema }
        return nil
    }
}

/// A schema kept by reference, so that schemas can hold schemas.
public final class SchemaBox: Sendable, Hashable {
    /// The schema.
    public let schema: Schema

    /// Keeps a schema.
    public init(_ schema: Schema) { self.schema = schema }

    public static func == (left: SchemaBox, right: SchemaBox) -> Bool {
        left === right || left.schema == right.schema
    }
    public func hash(into hasher: inout Hasher) { hasher.combine(schema) }
}

extension Schema {
    /// An object with named members.
    public static func object(
        _ properties: OrderedDictionary<String, Schema>, required: [String] = [], description: String? = nil
    ) -> Schema {
        var schema = Schema(type: .object, description: description)
        schema.properties = properties
        schema.required = required
        return schema
    }

    /// An object whose members have any name and one schema.
    public static func map(of values: Schema, description: String? = nil) -> Schema {
        var schema = Schema(type: .object, description: description)
        schema.additionalProperties = .schema(SchemaBox(values))
        return schema
    }

    /// A list.
    public static func array(of items: Schema, description: String? = nil) -> Schema {
        var schema = Schema(type: .array, description: description)
        schema.items = items
        return schema
    }

    /// A string.
    public static func string(_ description: String? = nil) -> Schema {
        Schema(type: .string, description: description)
    }
    /// An integer; `format` is `int32` or `int64`.
    public static func integer(_ description: String? = nil, format: String? = nil) -> Schema {
        var schema = Schema(type: .integer, description: description)
        schema.format = format
        return schema
    }
    /// A boolean.
    public static func boolean(_ description: String? = nil) -> Schema {
        Schema(type: .boolean, description: description)
    }

    /// An integer or a string, as ports and quantities are.
    public static func intOrString(_ description: String? = nil) -> Schema {
        var schema = Schema(description: description)
        schema.isIntOrString = true
        return schema
    }

    /// An object about which nothing is said and from which nothing is pruned.
    public static func anyObject(_ description: String? = nil) -> Schema {
        var schema = Schema(type: .object, description: description)
        schema.preservesUnknownFields = true
        return schema
    }

    /// This schema with some changes: `.string("…").with { $0.minLength = 1 }`.
    public func with(_ change: (inout Schema) -> Void) -> Schema {
        var schema = self
        change(&schema)
        return schema
    }
}
