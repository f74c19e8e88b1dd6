import OrderedCollections

extension JSON {
    /// Encodes a Swift value; optional members that are nil are omitted.
    ///
    /// The members have the order in which the type encodes them. Rethrows the errors of the type's `encode(to:)`.
    public init(encoding value: some Encodable) throws {
        let encoding = JSONEncoding(codingPath: [])
        try value.encode(to: encoding)
        self = encoding.box.value
    }
}

/// The result of an encoder, shared by its containers.
final class JSONBox {
    var value: JSON = .object([:])
}

struct JSONEncoding: Encoder, SingleValueEncodingContainer {
    let box = JSONBox()
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if box.value.object == nil { box.value = .object([:]) }
        return KeyedEncodingContainer(JSONKeyedEncoding(box: box, codingPath: codingPath))
    }
    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        box.value = .array([])
        return JSONUnkeyedEncoding(box: box, codingPath: codingPath)
    }
    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    func encodeNil() throws { box.value = .null }
    func encode(_ value: Bool) throws { box.value = .bool(value) }
    func encode(_ value: String) throws { box.value = .string(value) }
    func encode(_ value: Double) throws { box.value = .double(value) }
    func encode(_ value: Float) throws { box.value = .double(Double(value)) }
    func encode<T: Encodable & FixedWidthInteger>(_ value: T) throws {
        box.value = Int64(exactly: value).map(JSON.int) ?? .double(Double(value))
    }
    func encode<T: Encodable>(_ value: T) throws { box.value = try JSON(encoding: value) }
}

private struct JSONKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let box: JSONBox
    let codingPath: [any CodingKey]

    private func set(_ value: JSON, _ key: Key) { box.value[key.stringValue] = value }

    func encodeNil(forKey key: Key) throws { set(.null, key) }
    func encode(_ value: Bool, forKey key: Key) throws { set(.bool(value), key) }
    func encode(_ value: String, forKey key: Key) throws { set(.string(value), key) }
    func encode(_ value: Double, forKey key: Key) throws { set(.double(value), key) }
    func encode(_ value: Float, forKey key: Key) throws { set(.double(Double(value)), key) }
    func encode<T: Encodable & FixedWidthInteger>(_ value: T, forKey key: Key) throws {
        set(Int64(exactly: value).map(JSON.int) ?? .double(Double(value)), key)
    }
    func encode<T: Encodable>(_ value: T, forKey key: Key) throws { set(try JSON(encoding: value), key) }
    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        fatalErrorUnsupported()
    }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { fatalErrorUnsupported() }
    func superEncoder() -> any Encoder { JSONEncoding(codingPath: codingPath) }
    func superEncoder(forKey key: Key) -> any Encoder { JSONEncoding(codingPath: codingPath) }
}

private struct JSONUnkeyedEncoding: UnkeyedEncodingContainer {
    let box: JSONBox
    let codingPath: [any CodingKey]
    var count: Int { box.value.array?.count ?? 0 }

    private func append(_ value: JSON) {
        var elements = box.value.array ?? []
        box.value = .null  // makes `elements` the only reference, so that appending copies nothing
        elements.append(value)
        box.value = .array(elements)
    }

    func encodeNil() throws { append(.null) }
    func encode(_ value: Bool) throws { append(.bool(value)) }
    func encode(_ value: String) throws { append(.string(value)) }
    func encode(_ value: Double) throws { append(.double(value)) }
    func encode(_ value: Float) throws { append(.double(Double(value))) }
    func encode<T: Encodable & FixedWidthInteger>(_ value: T) throws {
        append(Int64(exactly: value).map(JSON.int) ?? .double(Double(value)))
    }
    func encode<T: Encodable>(_ value: T) throws { append(try JSON(encoding: value)) }
    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        fatalErrorUnsupported()
    }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { fatalErrorUnsupported() }
    func superEncoder() -> any Encoder { JSONEncoding(codingPath: codingPath) }
}

/// Only hand-written `encode(to:)` methods need nested containers, and this package has none that do. `Encoder` offers no way
/// to refuse one, and no input decides which are asked for.
private func fatalErrorUnsupported() -> Never {
    preconditionFailure("encode(to:) of this package's types uses one container")
}
