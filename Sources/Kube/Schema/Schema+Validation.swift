extension Schema {
    /// The problems of a value, with the API server's messages; empty if the value is valid.
    ///
    /// Covers the server's schema validation, including lists of type set and map, but not CEL rules.
    public func validate(_ value: JSON, at path: FieldPath = FieldPath()) -> [FieldError] {
        var validation = SchemaValidation()
        validation.check(value, self, path)
        return validation.errors
    }
}

/// Collects the problems of a value: kube-openapi's `validate`, then apiextensions' `listtype`.
private struct SchemaValidation {
    var errors: [FieldError] = []

    private mutating func invalid(_ path: FieldPath, _ found: String, _ detail: String) {
        errors.append(FieldError(path, "Invalid value: \(found): \(path.inMessage)\(detail)"))
    }

    mutating func check(_ value: JSON, _ schema: Schema, _ path: FieldPath) {
        checkType(value, schema, path)
        checkEnum(value, schema, path)
        if value.isNull { return }
        checkCombinations(value, schema, path)
        switch value {
        case .null, .bool: break
        case .int(let int): checkNumber(Double(int), value, schema, path)
        case .double(let double): checkNumber(double, value, schema, path)
        case .string(let text): checkString(text, schema, path)
        case .array(let elements): checkArray(elements, schema, path)
        case .object(let members): checkObject(members, schema, path)
        }
    }

    private mutating func checkType(_ value: JSON, _ schema: Schema, _ path: FieldPath) {
        let found: String
        let fits: Bool
        switch value {
        case .null: (found, fits) = ("null", schema.nullable || schema.type == nil && !schema.isIntOrString)
        case .bool: (found, fits) = ("boolean", schema.allows(.boolean))
        case .int: (found, fits) = ("integer", schema.allows(.integer) || schema.allows(.number))
        case .double(let double):
            // JSON schema treats a float without a fraction, such as 1.0, as an integer.
            let isInteger = Int64(exactly: double) != nil
            (found, fits) = ("number", schema.allows(.number) || isInteger && schema.allows(.integer))
        case .string: (found, fits) = ("string", schema.allows(.string))
        case .array: (found, fits) = ("array", schema.allows(.array))
        case .object: (found, fits) = ("object", schema.allows(.object))
        }
        if fits { return }
        let expected = schema.isIntOrString ? "integer,string" : schema.type?.rawValue ?? ""
        invalid(path, "\"\(found)\"", " in body must be of type \(expected): \"\(found)\"")
    }

    private mutating func checkEnum(_ value: JSON, _ schema: Schema, _ path: FieldPath) {
        guard let allowed = schema.allowedValues, !allowed.isEmpty, !allowed.contains(value) else { return }
        let supported = allowed.map { JSON($0.string ?? $0.text()).text() }.joined(separator: ", ")
        errors.append(FieldError(path, "Unsupported value: \(value): supported values: \(supported)"))
    }

    private mutating func checkCombinations(_ value: JSON, _ schema: Schema, _ path: FieldPath) {
        func errorsOf(_ schema: Schema) -> [FieldError] { schema.validate(value, at: path) }
        let name = JSON(path.textOrEmpty).text()
        func fault(_ detail: String) -> FieldError { FieldError(path, "Invalid value: \"\": \(name) \(detail)") }
        if !schema.anyOf.isEmpty, !schema.anyOf.contains(where: { errorsOf($0).isEmpty }) {
            errors.append(fault("must validate at least one schema (anyOf)"))
            errors += schema.anyOf.map(errorsOf).min { $0.count < $1.count } ?? []
        }
        if !schema.oneOf.isEmpty {
            let results = schema.oneOf.map(errorsOf)
            let fitting = results.count(where: \.isEmpty)
            if fitting == 0 {
                errors.append(fault("must validate one and only one schema (oneOf). Found none valid"))
                errors += results.min { $0.count < $1.count } ?? []
            } else if fitting > 1 {
                errors.append(
                    fault("must validate one and only one schema (oneOf). Found \(fitting) valid alternatives"))
            }
        }
        if !schema.allOf.isEmpty {
            let results = schema.allOf.map(errorsOf)
            if !results.allSatisfy(\.isEmpty) {
                errors += results.joined()
                errors.append(
                    fault(
                        "must validate all the schemas (allOf)"
                            + (results.contains(where: \.isEmpty) ? "" : ". None validated")))
            }
        }
        if let not = schema.not, errorsOf(not).isEmpty { errors.append(fault("must not validate the schema (not)")) }
    }

    private mutating func checkNumber(_ number: Double, _ value: JSON, _ schema: Schema, _ path: FieldPath) {
        if schema.type == .integer, let int = value.int, schema.format == "int32", Int32(exactly: int) == nil {
            let detail = "Checked value must be of type integer with format int32 in \(path.textOrEmpty)"
            errors.append(FieldError(path, "Invalid value: \"\": \(detail)"))
        }
        if let minimum = schema.minimum {
            if schema.exclusiveMinimum ? number <= minimum : number < minimum {
                let bound = schema.exclusiveMinimum ? "greater than" : "greater than or equal to"
                invalid(path, "\(value)", " in body should be \(bound) \(JSON.double(minimum))")
            }
        }
        if let maximum = schema.maximum {
            if schema.exclusiveMaximum ? number >= maximum : number > maximum {
                let bound = schema.exclusiveMaximum ? "less than" : "less than or equal to"
                invalid(path, "\(value)", " in body should be \(bound) \(JSON.double(maximum))")
            }
        }
        if let factor = schema.multipleOf, factor > 0, (number / factor).rounded() != number / factor {
            invalid(path, "\(value)", " in body should be a multiple of \(JSON.double(factor))")
        }
    }

    private mutating func checkString(_ text: String, _ schema: Schema, _ path: FieldPath) {
        let quoted = JSON(text).text()
        if schema.minLength != nil || schema.maxLength != nil {
            let length = text.unicodeScalars.count
            if let limit = schema.minLength, length < limit {
                invalid(path, quoted, " in body should be at least \(limit) chars long")
            }
            if let limit = schema.maxLength, length > limit {
                let unit = limit == 1 ? "byte" : "bytes"
                errors.append(FieldError(path, "Too long: may not be more than \(limit) \(unit)"))
            }
        }
        if let pattern = schema.pattern {
            do throws(SchemaPatternError) {
                if !(try SchemaPattern.compiled(pattern).isFound(in: text)) {
                    invalid(path, quoted, " in body should match '\(pattern)'")
                }
            } catch {
                errors.append(FieldError(path, "Invalid value: \(quoted): \(error)"))
            }
        }
        if let format = schema.format, schema.allows(.string), let known = SchemaFormat(rawValue: format),
            !known.matches(text)
        {
            invalid(path, quoted, " in body must be of type \(format): \(quoted)")
        }
    }

    private mutating func checkArray(_ elements: [JSON], _ schema: Schema, _ path: FieldPath) {
        if let items = schema.items {
            for (index, element) in elements.enumerated() { check(element, items, path.appending(index)) }
        }
        if let limit = schema.minItems, elements.count < limit {
            invalid(path, "\(elements.count)", " in body should have at least \(limit) items")
        }
        if let limit = schema.maxItems, elements.count > limit {
            let unit = limit == 1 ? "item" : "items"
            errors.append(FieldError(path, "Too many: \(elements.count): must have at most \(limit) \(unit)"))
        }
        if schema.uniqueItems, Set(elements).count < elements.count {
            invalid(path, "\"\"", " in body shouldn't contain duplicates")
        }
        switch schema.listType {
        case .set: refuseDuplicates(elements, path) { $0 }
        case .map:
            if let index = elements.firstIndex(where: { $0.object == nil && !$0.isNull }) {
                errors.append(
                    FieldError(
                        path.appending(index),
                        "Invalid value: \(elements[index]): must be an object for an array of list-type map"))
                return
            }
            refuseDuplicates(elements, path) { element in
                var identity: JSON.Members = [:]
                for key in schema.listMapKeys { identity[key] = element[key] }
                return .object(identity)
            }
        case .atomic, nil: break
        }
    }

    /// Reports the second of several elements with the same identity.
    private mutating func refuseDuplicates(_ elements: [JSON], _ path: FieldPath, _ identity: (JSON) -> JSON) {
        var seen: [JSON: Int] = [:]
        for (index, element) in elements.enumerated() {
            let key = identity(element)
            let count = seen[key, default: 0]
            seen[key] = count + 1
            if count == 1 { errors.append(FieldError(path.appending(index), "Duplicate value: \(key)")) }
        }
    }

    private mutating func checkObject(_ members: JSON.Members, _ schema: Schema, _ path: FieldPath) {
        if let limit = schema.minProperties, members.count < limit {
            invalid(path, "\(members.count)", " in body should have at least \(limit) properties")
        }
        if let limit = schema.maxProperties, members.count > limit {
            let unit = limit == 1 ? "item" : "items"
            errors.append(FieldError(path, "Too many: \(members.count): must have at most \(limit) \(unit)"))
        }
        for (key, member) in members {
            if let property = schema.property(key) { check(member, property, path.appending(key)) }
        }
        for key in schema.required where members[key] == nil {
            errors.append(FieldError(path.appending(key), "Required value"))
        }
        if schema.isEmbeddedResource { checkEmbedded(members, path) }
    }

    private mutating func checkEmbedded(_ members: JSON.Members, _ path: FieldPath) {
        for key in ["apiVersion", "kind"] {
            guard let value = members[key] else {
                errors.append(FieldError(path.appending(key), "Required value"))
                continue
            }
            if let text = value.string, text.isEmpty {
                errors.append(FieldError(path.appending(key), "Required value: must not be empty"))
            }
        }
    }
}

extension Schema {
    /// Whether the schema allows values of a type; a schema without a type allows all.
    func allows(_ candidate: ValueType) -> Bool {
        if isIntOrString { return candidate == .integer || candidate == .string }
        guard let type else { return true }
        return type == candidate
    }
}

extension FieldPath {
    /// The path within a message; kube-openapi writes the root as an empty text.
    fileprivate var textOrEmpty: String { steps.isEmpty ? "" : description }
    fileprivate var inMessage: String { steps.isEmpty ? "\"\"" : description }
}
