import OrderedCollections

/// Why a value does not fit the Swift type it was to become: which field, what was found, what would be right.
public struct FieldError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The field.
    public var path: FieldPath
    /// What is wrong and what would be right, lower case, without a full stop.
    public var problem: String

    /// An error at a field.
    public init(_ path: FieldPath, _ problem: String) {
        self.path = path
        self.problem = problem
    }

    public var description: String { "\(path): \(problem)" }
}

extension JSON {
    /// Makes a Swift value of this one by the value's `Decodable` conformance.
    ///
    /// Throws ``FieldError``. A member that is null reads as absent, as the API server reads it.
    public func decode<T: Decodable>(_ type: T.Type = T.self, at path: FieldPath = FieldPath()) throws(FieldError) -> T
    {
        do {
            return try JSONDecoding(value: self, codingPath: path.steps.map(PathKey.init)).unbox(T.self)
        } catch let error as FieldError {
            throw error
        } catch DecodingError.keyNotFound(let key, let context) {
            throw FieldError(FieldPath(context.codingPath + [key]), "is required")
        } catch DecodingError.dataCorrupted(let context) {
            throw FieldError(FieldPath(context.codingPath), context.debugDescription)
        } catch DecodingError.valueNotFound(_, let context) {
            throw FieldError(FieldPath(context.codingPath), "is required")
        } catch {
            throw FieldError(path, "\(error)")
        }
    }
}

extension FieldPath {
    init(_ keys: [any CodingKey]) {
        self.init(keys.map { key in key.intValue.map(Step.index) ?? .key(key.stringValue) })
    }
}

struct PathKey: CodingKey {
    var stringValue: String
    var intValue: Int?
    init(stringValue: String) { self.stringValue = stringValue }
    init(intValue: Int) {
        self.intValue = intValue
        stringValue = String(intValue)
    }
    init(_ step: FieldPath.Step) {
        switch step {
        case .key(let key): self.init(stringValue: key)
        case .index(let index): self.init(intValue: index)
        }
    }
}

private struct JSONDecoding: Decoder, SingleValueDecodingContainer {
    let value: JSON
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func fault(_ expected: String) -> FieldError {
        let shown =
            switch value {
            case .string, .int, .double, .bool: "\(value)"
            default: value.typeName
            }
        return FieldError(FieldPath(codingPath), "\(shown) should be \(expected)")
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard let members = value.object else { throw fault("an object") }
        return KeyedDecodingContainer(JSONKeyedDecoding(members: members, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let elements = value.array else { throw fault("a list") }
        return JSONUnkeyedDecoding(elements: elements, codingPath: codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { value.isNull }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard let bool = value.bool else { throw fault("true or false") }
        return bool
    }

    func decode(_ type: String.Type) throws -> String {
        guard let string = value.string else { throw fault("a string") }
        return string
    }

    func decode(_ type: Double.Type) throws -> Double {
        guard let double = value.double else { throw fault("a number") }
        return double
    }

    func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }

    func decode<T: Decodable & FixedWidthInteger>(_ type: T.Type) throws -> T {
        guard let int = value.int else { throw fault("an integer") }
        guard let result = T(exactly: int) else { throw fault("an integer from \(T.min) to \(T.max)") }
        return result
    }

    func decode<T: Decodable>(_ type: T.Type) throws -> T { try unbox(type) }

    func unbox<T: Decodable>(_ type: T.Type) throws -> T {
        if type == JSON.self, let json = value as? T { return json }
        return try T(from: self)
    }
}

private struct JSONKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: JSON.Members
    let codingPath: [any CodingKey]

    var allKeys: [Key] { members.keys.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }

    private func child(_ key: Key) throws -> JSONDecoding {
        guard let value = members[key.stringValue], !value.isNull else {
            throw FieldError(FieldPath(codingPath + [key]), "is required")
        }
        return JSONDecoding(value: value, codingPath: codingPath + [key])
    }

    func decodeNil(forKey key: Key) throws -> Bool { members[key.stringValue]?.isNull ?? true }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try child(key).decode(type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try child(key).decode(type) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try child(key).decode(type) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try child(key).decode(type) }
    func decode<T: Decodable & FixedWidthInteger>(_ type: T.Type, forKey key: Key) throws -> T {
        try child(key).decode(type)
    }
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try child(key).unbox(type) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { try child(key).container(keyedBy: type) }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try child(key).unkeyedContainer()
    }
    func superDecoder() throws -> any Decoder { JSONDecoding(value: .object(members), codingPath: codingPath) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }
}

private struct JSONUnkeyedDecoding: UnkeyedDecodingContainer {
    let elements: [JSON]
    let codingPath: [any CodingKey]
    var currentIndex = 0
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    init(elements: [JSON], codingPath: [any CodingKey]) {
        self.elements = elements
        self.codingPath = codingPath
    }

    private mutating func next() throws -> JSONDecoding {
        let path = codingPath + [PathKey(intValue: currentIndex)]
        guard !isAtEnd else { throw FieldError(FieldPath(path), "is required") }
        defer { currentIndex += 1 }
        return JSONDecoding(value: elements[currentIndex], codingPath: path)
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, elements[currentIndex].isNull else { return false }
        currentIndex += 1
        return true
    }
    mutating func decode(_ type: Bool.Type) throws -> Bool { try next().decode(type) }
    mutating func decode(_ type: String.Type) throws -> String { try next().decode(type) }
    mutating func decode(_ type: Double.Type) throws -> Double { try next().decode(type) }
    mutating func decode(_ type: Float.Type) throws -> Float { try next().decode(type) }
    mutating func decode<T: Decodable & FixedWidthInteger>(_ type: T.Type) throws -> T { try next().decode(type) }
    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next().unbox(type) }
    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { try next().container(keyedBy: type) }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
    mutating func superDecoder() throws -> any Decoder { try next() }
}

extension JSON: Codable {
    /// Any JSON value; by ``JSON/decode(_:at:)`` without a copy.
    public init(from decoder: any Decoder) throws {
        if let own = decoder as? JSONDecoding {
            self = own.value
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .int(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else {
            let members = try container.decode([String: JSON].self)
            self = .object(Members(uncheckedUniqueKeysWithValues: members.sorted { $0.key < $1.key }))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        if let own = encoder as? JSONEncoding {
            own.box.value = self
            return
        }
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(Dictionary(uniqueKeysWithValues: value.elements.map { ($0, $1) }))
        }
    }
}
