import OrderedCollections

/// A structural schema of a CustomResourceDefinition (`apiextensions/v1` JSONSchemaProps).
///
/// It validates objects, fills in defaults and prunes unknown fields as the API server does. It does not run CEL rules.
public struct Schema: Sendable, Hashable {
    /// The JSON types that a schema can name.
    public enum ValueType: String, Sendable, Hashable {
        case object, array, string, integer, number, boolean
    }

    /// How a list is merged: `x-kubernetes-list-type`.
    public enum ListType: String, Sendable, Hashable {
        /// The list is one value, owned as a whole by the manager that applied it.
        case atomic
        /// Elements are unique, each owned by the managers that applied it.
        case set
        /// Elements are objects identified by the members that ``Schema/listMapKeys`` names.
        case map
    }

    /// How an object is merged: `x-kubernetes-map-type`.
    public enum MapType: String, Sendable, Hashable {
        case atomic, granular
    }

    /// The rule for members that ``Schema/properties`` does not name: `additionalProperties`.
    public enum AdditionalProperties: Sendable, Hashable {
        /// Whether they are allowed, with any value. False has the same effect as no rule.
        case allowed(Bool)
        /// They are allowed and have this schema.
        case schema(Boxed<Schema>)
    }

    /// A CEL rule: `x-kubernetes-validations`.
    public struct Rule: Sendable, Hashable {
        /// The expression that must be true; `self` is the value, `oldSelf` the previous one.
        public var rule: String
        /// The message if the expression is false.
        public var message: String?
        /// An expression for the message.
        public var messageExpression: String?
        /// The reason in the status, such as `FieldValueForbidden`.
        public var reason: String?
        /// The path of the invalid field, such as `.spec.x`.
        public var fieldPath: String?
        /// Whether `oldSelf` is optional, so that the rule also runs on creation.
        public var optionalOldSelf: Bool?

        /// Creates a rule.
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

    /// The type; nil for int-or-string and if unknown fields are preserved.
    public var type: ValueType?
    /// The description that `kubectl explain` shows.
    public var description: String?
    /// The format of the type: `int32`, `int64`, `date-time`, `duration`, …; unknown formats are ignored.
    public var format: String?
    /// The value for a missing field.
    public var defaultValue: JSON?
    /// Whether null is a valid value; otherwise null means absent.
    public var nullable = false

    /// The members of an object.
    public var properties: OrderedDictionary<String, Schema> = [:]
    /// The rule for other members.
    public var additionalProperties: AdditionalProperties?
    /// The required members of an object.
    public var required: [String] = []
    /// The minimum number of members of an object.
    public var minProperties: Int?
    /// The maximum number of members of an object.
    public var maxProperties: Int?

    /// The minimum number of elements of a list.
    public var minItems: Int?
    /// The maximum number of elements of a list.
    public var maxItems: Int?
    /// Whether the elements of a list must be unique.
    public var uniqueItems = false

    /// The minimum length of a string in characters (Unicode scalars).
    public var minLength: Int?
    /// The maximum length of a string in characters (Unicode scalars).
    public var maxLength: Int?
    /// A regular expression in RE2 syntax that must match somewhere in the string.
    public var pattern: String?

    /// The minimum of a number.
    public var minimum: Double?
    /// The maximum of a number.
    public var maximum: Double?
    /// Whether the minimum itself is invalid.
    public var exclusiveMinimum = false
    /// Whether the maximum itself is invalid.
    public var exclusiveMaximum = false
    /// The factor that a number must be a multiple of.
    public var multipleOf: Double?

    /// The allowed values: `enum`.
    public var allowedValues: [JSON]?

    /// Schemas that must all be valid for the value.
    public var allOf: [Schema] = []
    /// Schemas of which at least one must be valid for the value.
    public var anyOf: [Schema] = []
    /// Schemas of which exactly one must be valid for the value.
    public var oneOf: [Schema] = []

    /// Whether the value is an integer or a string: `x-kubernetes-int-or-string`.
    public var isIntOrString = false
    /// Whether unknown fields are kept: `x-kubernetes-preserve-unknown-fields`.
    public var preservesUnknownFields = false
    /// Whether the value is a complete Kubernetes object: `x-kubernetes-embedded-resource`.
    public var isEmbeddedResource = false
    /// How the list is merged.
    public var listType: ListType?
    /// The members that identify the elements of the list: `x-kubernetes-list-map-keys`.
    public var listMapKeys: [String] = []
    /// How the object is merged.
    public var mapType: MapType?
    /// The CEL rules.
    public var rules: [Rule] = []
    /// All other members of the JSON form, such as `example`; they are written back unchanged.
    var extras: JSON.Members = [:]

    private var itemsBox: Boxed<Schema>?
    private var notBox: Boxed<Schema>?

    /// A schema of only a type.
    public init(type: ValueType? = nil, description: String? = nil) {
        self.type = type
        self.description = description
    }

    /// The schema of a list's elements.
    public var items: Schema? {
        get { itemsBox?.value }
        set { itemsBox = newValue.map(Boxed.init) }
    }

    /// A schema that must be invalid for the value.
    public var not: Schema? {
        get { notBox?.value }
        set { notBox = newValue.map(Boxed.init) }
    }

    /// The schema of a named or additional member.
    public func property(_ name: String) -> Schema? {
        if let named = properties[name] { return named }
        if case .schema(let box)? = additionalProperties { return box.value }
        return nil
    }
}
