import OrderedCollections

extension Schema {
    /// Reads a schema in the form of CustomResourceDefinitions.
    ///
    /// Throws ``FieldError`` for a member of the wrong type, or a pattern that cannot be used.
    public init(json: JSON, at path: FieldPath = FieldPath()) throws(FieldError) {
        self.init()
        guard let members = json.object else { throw FieldError(path, "\(json.typeName) should be an object") }
        for (key, value) in members where !value.isNull {
            try read(key, value, at: path.appending(key))
        }
    }

    private mutating func read(_ key: String, _ value: JSON, at path: FieldPath) throws(FieldError) {
        func fault(_ expected: String) -> FieldError { FieldError(path, "\(value) should be \(expected)") }
        func bool() throws(FieldError) -> Bool {
            guard let bool = value.bool else { throw fault("true or false") }
            return bool
        }
        func string() throws(FieldError) -> String {
            guard let string = value.string else { throw fault("a string") }
            return string
        }
        func count() throws(FieldError) -> Int {
            guard let int = value.int, int >= 0 else { throw fault("an integer of at least 0") }
            return int
        }
        func number() throws(FieldError) -> Double {
            guard let number = value.double else { throw fault("a number") }
            return number
        }
        func strings() throws(FieldError) -> [String] {
            guard let elements = value.array else { throw fault("a list of strings") }
            let strings = elements.compactMap(\.string)
            guard strings.count == elements.count else { throw fault("a list of strings") }
            return strings
        }
        func choice<T: RawRepresentable<String>>(_ type: T.Type, _ expected: String) throws(FieldError) -> T {
            guard let choice = value.string.flatMap(T.init(rawValue:)) else { throw fault(expected) }
            return choice
        }
        func schemas() throws(FieldError) -> [Schema] {
            guard let elements = value.array else { throw fault("a list of schemas") }
            var schemas: [Schema] = []
            for (index, element) in elements.enumerated() {
                schemas.append(try Schema(json: element, at: path.appending(index)))
            }
            return schemas
        }

        switch key {
        case "type": type = try choice(ValueType.self, "object, array, string, integer, number or boolean")
        case "description": description = try string()
        case "format": format = try string()
        case "default": defaultValue = value
        case "nullable": nullable = try bool()
        case "properties":
            guard let members = value.object else { throw fault("an object") }
            for (name, member) in members {
                properties[name] = try Schema(json: member, at: path.appending(name))
            }
        case "additionalProperties":
            if let allowed = value.bool {
                additionalProperties = .allowed(allowed)
            } else {
                additionalProperties = .schema(Boxed(try Schema(json: value, at: path)))
            }
        case "required": required = try strings()
        case "minProperties": minProperties = try count()
        case "maxProperties": maxProperties = try count()
        case "items": items = try Schema(json: value, at: path)
        case "minItems": minItems = try count()
        case "maxItems": maxItems = try count()
        case "uniqueItems": uniqueItems = try bool()
        case "minLength": minLength = try count()
        case "maxLength": maxLength = try count()
        case "pattern":
            let text = try string()
            do throws(SchemaPatternError) {
                _ = try SchemaPattern.compiled(text)
            } catch {
                throw FieldError(path, error.description)
            }
            pattern = text
        case "minimum": minimum = try number()
        case "maximum": maximum = try number()
        case "exclusiveMinimum": exclusiveMinimum = try bool()
        case "exclusiveMaximum": exclusiveMaximum = try bool()
        case "multipleOf":
            multipleOf = try number()
            guard let multipleOf, multipleOf > 0 else { throw fault("a number above 0") }
        case "enum":
            guard let elements = value.array else { throw fault("a list") }
            allowedValues = elements
        case "allOf": allOf = try schemas()
        case "anyOf": anyOf = try schemas()
        case "oneOf": oneOf = try schemas()
        case "not": not = try Schema(json: value, at: path)
        case "x-kubernetes-int-or-string": isIntOrString = try bool()
        case "x-kubernetes-preserve-unknown-fields": preservesUnknownFields = try bool()
        case "x-kubernetes-embedded-resource": isEmbeddedResource = try bool()
        case "x-kubernetes-list-type": listType = try choice(ListType.self, "atomic, set or map")
        case "x-kubernetes-list-map-keys": listMapKeys = try strings()
        case "x-kubernetes-map-type": mapType = try choice(MapType.self, "atomic or granular")
        case "x-kubernetes-validations":
            guard let elements = value.array else { throw fault("a list of rules") }
            for (index, element) in elements.enumerated() {
                rules.append(try Rule(json: element, at: path.appending(index)))
            }
        default: extras[key] = value
        }
    }

    /// The schema in the form of CustomResourceDefinitions, with members sorted by name.
    public var json: JSON {
        var json: JSON.Members = extras
        func put(_ key: String, _ value: JSON?) { if let value { json[key] = value } }
        func put(_ key: String, _ value: String?) { if let value { json[key] = .string(value) } }
        func put(_ key: String, _ value: Int?) { if let value { json[key] = JSON(value) } }
        func put(_ key: String, _ value: Double?) {
            if let value { json[key] = Int64(exactly: value).map(JSON.int) ?? .double(value) }
        }
        func put(_ key: String, _ value: Bool) { if value { json[key] = true } }
        func put(_ key: String, _ value: [String]) { if !value.isEmpty { json[key] = JSON(value) } }
        func put(_ key: String, _ value: [Schema]) { if !value.isEmpty { json[key] = .array(value.map(\.json)) } }

        put("type", type?.rawValue)
        put("description", description)
        put("format", format)
        put("default", defaultValue)
        put("nullable", nullable)
        if !properties.isEmpty { json["properties"] = .object(properties.mapValues(\.json)) }
        switch additionalProperties {
        case nil: break
        case .allowed(let allowed): json["additionalProperties"] = .bool(allowed)
        case .schema(let box): json["additionalProperties"] = box.value.json
        }
        put("required", required)
        put("minProperties", minProperties)
        put("maxProperties", maxProperties)
        put("items", items?.json)
        put("minItems", minItems)
        put("maxItems", maxItems)
        put("uniqueItems", uniqueItems)
        put("minLength", minLength)
        put("maxLength", maxLength)
        put("pattern", pattern)
        put("minimum", minimum)
        put("maximum", maximum)
        put("exclusiveMinimum", exclusiveMinimum)
        put("exclusiveMaximum", exclusiveMaximum)
        put("multipleOf", multipleOf)
        put("enum", allowedValues.map(JSON.array))
        put("allOf", allOf)
        put("anyOf", anyOf)
        put("oneOf", oneOf)
        put("not", not?.json)
        put("x-kubernetes-int-or-string", isIntOrString)
        put("x-kubernetes-preserve-unknown-fields", preservesUnknownFields)
        put("x-kubernetes-embedded-resource", isEmbeddedResource)
        put("x-kubernetes-list-type", listType?.rawValue)
        put("x-kubernetes-list-map-keys", listMapKeys)
        put("x-kubernetes-map-type", mapType?.rawValue)
        if !rules.isEmpty { json["x-kubernetes-validations"] = .array(rules.map(\.json)) }
        json.sort { $0.key < $1.key }
        return .object(json)
    }
}

extension Schema.Rule {
    /// Reads a rule of `x-kubernetes-validations`.
    init(json: JSON, at path: FieldPath) throws(FieldError) {
        guard let rule = json["rule"]?.string else { throw FieldError(path.appending("rule"), "is required") }
        self.init(
            rule, message: json["message"]?.string, messageExpression: json["messageExpression"]?.string,
            reason: json["reason"]?.string, fieldPath: json["fieldPath"]?.string,
            optionalOldSelf: json["optionalOldSelf"]?.bool)
    }

    /// The rule as an element of `x-kubernetes-validations`.
    var json: JSON {
        var json: JSON = [:]
        if let fieldPath { json["fieldPath"] = .string(fieldPath) }
        if let message { json["message"] = .string(message) }
        if let messageExpression { json["messageExpression"] = .string(messageExpression) }
        if let optionalOldSelf { json["optionalOldSelf"] = .bool(optionalOldSelf) }
        if let reason { json["reason"] = .string(reason) }
        json["rule"] = .string(rule)
        return json
    }
}
