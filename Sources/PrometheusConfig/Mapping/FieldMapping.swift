import Kube

/// How one field of a custom resource becomes a member of Prometheus's configuration: a row of a table.
///
/// Most of what Prometheus can be told is a field under another spelling, of some type, that came with some version.
/// Tables of these rows say so for the kinds of service discovery and for the sections of an agent's file.
struct FieldMapping: Sendable {
    /// What happens where the version of Prometheus does not know the member.
    enum TooOld: Sendable {
        /// The field is left out.
        case leftOut
        /// The whole is refused, as it would mean something else without the field.
        case refused
    }

    /// The type of a field, and what is made of it.
    enum Value: Sendable {
        /// A string, as it is.
        case string
        /// A string, which as good as is not there where it is empty.
        case text
        /// A string in lower case.
        case lowercased
        /// One of several words, each with its spelling in the configuration.
        case word([String: String])
        /// A truth value.
        case bool
        /// A whole number that is not negative.
        case count
        /// A whole number.
        case number
        /// A port.
        case port
        /// A time span.
        case duration
        /// A number of bytes.
        case byteSize
        /// A number from 0 to 1, as a quantity.
        case fraction
        /// A list of strings; an empty one as good as is not there.
        case strings
        /// An object of strings; an empty one as good as is not there.
        case stringMap
        /// A key of a Secret, whose content is written.
        case secret
        /// A key of a Secret, whose file is written.
        case secretFile
        /// A URL with a scheme and a host; of one of some schemes, where there are any.
        case url([String])
        /// What prometheus-operator has a field for and does not write: it is said to be left out.
        case unwritten
        /// Anything else: what to write, nil for nothing.
        case custom(@Sendable (Fields, inout MappingContext) throws(FieldError) -> JSON?)
    }

    /// The field's name in the custom resource.
    let name: String
    /// The member's name in the configuration.
    let key: String
    let value: Value
    /// The first version of Prometheus that knows the member.
    let since: PrometheusVersion?
    let tooOld: TooOld
    let isRequired: Bool

    /// A row; the member's name is the field's with underscores where it does not say otherwise.
    static func field(
        _ name: String, _ value: Value, as key: String? = nil, since: PrometheusVersion? = nil,
        tooOld: TooOld = .leftOut, isRequired: Bool = false
    ) -> FieldMapping {
        FieldMapping(
            name: name, key: key ?? snakeCase(name), value: value, since: since, tooOld: tooOld, isRequired: isRequired)
    }

    /// The name in the configuration of a field: `enableHTTP2` is `enable_http2`, `datacenterID` is `datacenter_id`.
    static func snakeCase(_ name: String) -> String {
        var result = ""
        var wasUpper = true
        for character in name {
            if character.isUppercase && !wasUpper { result.append("_") }
            wasUpper = character.isUppercase
            result += character.lowercased()
        }
        return result
    }
}

/// What a table's rows look at besides the fields.
struct MappingContext {
    /// The version of Prometheus that reads the configuration.
    let version: PrometheusVersion
    /// The namespace of the Secrets and ConfigMaps that are referred to.
    let namespace: String
    var credentials: Credentials
    /// What rows of their own kind leave out.
    var leftOut: [FieldError] = []
}

extension FieldMapping {
    /// What is written for the field; nil for nothing. Throws ``FieldError`` for what does not fit.
    func json(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        let json = try self.value(fields, &context)
        if isRequired && json == nil { throw FieldError(fields.at(name), "is required") }
        return json
    }

    private func value(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        switch value {
        case .string: return try fields.string(name).map(JSON.string)
        case .text: return try fields.text(name).map(JSON.string)
        case .lowercased: return try fields.text(name).map { .string($0.lowercased()) }
        case .word(let words):
            guard let text = try fields.text(name) else { return nil }
            guard let word = words[text] else {
                let known = words.keys.sorted().joined(separator: ", ")
                throw FieldError(fields.at(name), "\"\(text)\" should be one of \(known)")
            }
            return .string(word)
        case .bool: return try fields.bool(name).map(JSON.bool)
        case .count: return try fields.count(name).map { JSON($0) }
        case .number:
            guard let value = fields.json(name) else { return nil }
            guard case .int = value else {
                throw FieldError(fields.at(name), "should be a whole number, not \(value.typeName)")
            }
            return value
        case .port:
            guard let port = try fields.count(name) else { return nil }
            guard port <= 65535 else { throw FieldError(fields.at(name), "\(port) should be at most 65535") }
            return JSON(port)
        case .duration: return try fields.duration(name).map(JSON.string)
        case .byteSize: return try fields.text(name).map(JSON.string)
        case .fraction: return try fraction(fields, context.version)
        case .strings:
            guard let texts = try fields.strings(name), !texts.isEmpty else { return nil }
            return JSON(texts)
        case .stringMap:
            guard let pairs = try fields.stringMap(name), !pairs.isEmpty else { return nil }
            return .object(JSON.Members(uniqueKeysWithValues: pairs.map { ($0.key, .string($0.value)) }))
        case .secret:
            guard let reference = try fields.secretKey(name, in: context.namespace) else { return nil }
            return .string(try context.credentials.trimmedValue(reference, at: fields.at(name)))
        case .secretFile:
            guard let reference = try fields.secretKey(name, in: context.namespace) else { return nil }
            return .string(try context.credentials.file(reference, at: fields.at(name)))
        case .url(let schemes): return try url(fields, schemes)
        case .unwritten: return nil
        case .custom(let make): return try make(fields, &context)
        }
    }

    private func url(_ fields: Fields, _ schemes: [String]) throws(FieldError) -> JSON? {
        guard let url = try fields.text(name) else { return nil }
        let scheme = url.prefix { $0 != ":" }
        let rest = url.dropFirst(scheme.count)
        let host = rest.dropFirst(3).prefix { !"/?#".contains($0) }
        guard rest.hasPrefix("://"), !host.isEmpty, url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), !scheme.isEmpty,
            schemes.isEmpty || schemes.contains(scheme.lowercased())
        else {
            let wanted = schemes.isEmpty ? "scheme://host…" : schemes.map { "\($0)://host…" }.joined(separator: " or ")
            throw FieldError(fields.at(name), "\"\(url.prefix(200))\" should be \(wanted)")
        }
        return .string(url)
    }

    private func fraction(_ fields: Fields, _ version: PrometheusVersion) throws(FieldError) -> JSON? {
        guard let value = fields.json(name) else { return nil }
        guard let quantity = Quantity(value), quantity >= Quantity(0), quantity <= Quantity(1) else {
            throw FieldError(fields.at(name), "should be a number from 0 to 1, not \(value.text())")
        }
        return try JobWriter(version).factor(fields, name).map { .double($0) }
    }
}

extension [FieldMapping] {
    /// Writes what fields say, in the order of the rows. Throws ``FieldError`` for what does not fit.
    func write(
        _ fields: Fields, to writer: inout JobWriter, _ context: inout MappingContext
    ) throws(FieldError) {
        for row in self { try row.write(fields, to: &writer, &context) }
    }

    /// Writes what fields say, and leaves out each that does not fit.
    func writeWhatFits(_ fields: Fields, to writer: inout JobWriter, _ context: inout MappingContext) {
        for row in self {
            do throws(FieldError) {
                try row.write(fields, to: &writer, &context)
            } catch {
                writer.leaveOut(error.path, error.problem)
            }
        }
    }
}

extension FieldMapping {
    fileprivate func write(
        _ fields: Fields, to writer: inout JobWriter, _ context: inout MappingContext
    ) throws(FieldError) {
        if case .unwritten = value {
            if fields.has(name) { writer.leaveOut(fields.at(name), "is not followed, as in prometheus-operator") }
            return
        }
        let json = try json(fields, &context)
        writer.leaveOut(context.leftOut)
        context.leftOut = []
        guard let json else { return }
        guard let since, context.version < since else { return writer.set(key, json) }
        let problem = "needs Prometheus \(since), this is \(context.version)"
        switch tooOld {
        case .leftOut: writer.leaveOut(fields.at(name), problem)
        case .refused: throw FieldError(fields.at(name), problem)
        }
    }
}
