import Kube

extension [FieldMapping] {
    /// Writes fields in the order of the rows; throws ``FieldError`` for a bad value.
    func write(
        _ fields: Fields, to writer: inout ConfigWriter, _ context: inout MappingContext
    ) throws(FieldError) {
        for row in self { try row.write(fields, to: &writer, &context) }
    }

    /// Writes fields in the order of the rows, and records those with bad values as omitted.
    func writeValid(_ fields: Fields, to writer: inout ConfigWriter, _ context: inout MappingContext) {
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
        _ fields: Fields, to writer: inout ConfigWriter, _ context: inout MappingContext
    ) throws(FieldError) {
        if case .unwritten = value {
            if fields.has(name) { writer.leaveOut(fields.at(name), "is ignored, as in prometheus-operator") }
            return
        }
        let json = try json(fields, &context)
        writer.leaveOut(context.leftOut)
        context.leftOut = []
        guard let json else { return }
        guard let since, context.version < since else { return writer.set(key, json) }
        switch tooOld {
        case .leftOut: writer.leaveOut(fields.at(name), context.version.needs(since))
        case .refused: throw .needs(since, context.version, fields.at(name))
        }
    }

    private func json(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
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
            return try fields.word(name, among: words.keys.sorted()).flatMap { words[$0] }.map(JSON.string)
        case .bool: return try fields.bool(name).map(JSON.bool)
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
        case .fraction: return try fraction(fields)
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

    private func fraction(_ fields: Fields) throws(FieldError) -> JSON? {
        guard let value = fields.json(name) else { return nil }
        guard let quantity = Quantity(value), quantity >= Quantity(0), quantity <= Quantity(1) else {
            throw FieldError(fields.at(name), "should be a number from 0 to 1, not \(value.text())")
        }
        return try fields.factor(name).map { .double($0) }
    }
}
