public import OrderedCollections

/// A JSON value, such as a Kubernetes object of any kind.
///
/// Numbers keep Go's distinction between integers and floating point, as the unstructured objects of
/// `k8s.io/apimachinery` do. Objects keep the order of their members, but the order does not matter for equality.
public enum JSON: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// An integer of 64 bits.
    case int(Int64)
    /// Any other number.
    case double(Double)
    /// A string.
    case string(String)
    /// A list.
    case array([JSON])
    /// An object.
    case object(Members)

    /// The members of an object, in their order.
    public typealias Members = OrderedDictionary<String, JSON>
}

// MARK: - Reading

extension JSON {
    /// The members if this is an object.
    public var object: Members? {
        if case .object(let members) = self { members } else { nil }
    }

    /// The elements if this is a list.
    public var array: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The text if this is a string.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number if this is an integer that fits, or such a floating-point number without a fraction.
    public var int: Int? {
        switch self {
        case .int(let value): Int(value)
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The number if this is a number.
    public var double: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// The value if this is a boolean.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// Whether this is `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The string members of an object, such as labels or annotations; other members are omitted.
    public var strings: [String: String] {
        guard let object else { return [:] }
        var result = [String: String](minimumCapacity: object.count)
        for (key, value) in object {
            if let text = value.string { result[key] = text }
        }
        return result
    }

    /// The type of this value for messages, with an article: "a string", "an object".
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .int: "an integer"
        case .double: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// The member of an object, or nil if this is not an object or has no such member.
    ///
    /// Setting a member replaces any value that is not an object by one. Setting nil removes the member.
    public subscript(key: String) -> JSON? {
        get { object?[key] }
        set {
            var members: Members = [:]
            if case .object(let existing) = self {
                members = existing
                self = .null  // drops this reference, so that the change below copies nothing
            }
            members[key] = newValue
            self = .object(members)
        }
    }

    /// The element of a list, or nil if this is not a list or has no such element.
    public subscript(index: Int) -> JSON? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }
}

// MARK: - Equality

extension JSON: Hashable {
    /// Whether two values are equal: objects regardless of the order of members, numbers by value.
    public static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.double(let a), .double(let b)): a == b
        case (.int(let a), .double(let b)), (.double(let b), .int(let a)): Double(a) == b
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)):
            a.count == b.count && a.allSatisfy { key, value in b[key].map { $0 == value } ?? false }
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(Double(value))
        case .double(let value): hasher.combine(value)
        case .string(let value): hasher.combine(value)
        case .array(let value): hasher.combine(value)
        case .object(let members):
            var sum = 0
            for (key, value) in members {
                var member = Hasher()
                member.combine(key)
                member.combine(value)
                sum ^= member.finalize()
            }
            hasher.combine(sum)
        }
    }
}

// MARK: - Literals

extension JSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByBooleanLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(nilLiteral: ()) { self = .null }

    /// An object; of members with the same name, the last wins.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        var members = Members(minimumCapacity: elements.count)
        for (name, value) in elements { members[name] = value }
        self = .object(members)
    }
}

extension JSON {
    /// An integer.
    public init(_ value: Int) { self = .int(Int64(value)) }
    /// A string.
    public init(_ value: String) { self = .string(value) }
    /// A list of strings.
    public init(_ values: [String]) { self = .array(values.map(JSON.string)) }
    /// An object of strings, sorted by name so that equal dictionaries give the same text.
    public init(_ values: [String: String]) {
        var members = Members(minimumCapacity: values.count)
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { members[key] = .string(value) }
        self = .object(members)
    }

    /// This value without null members at any depth, so that literals can omit optional members.
    public var droppingNulls: JSON {
        // Most values have none, and stay as they are without a copy.
        guard hasNullMember else { return self }
        return switch self {
        case .array(let elements): .array(elements.map(\.droppingNulls))
        case .object(let members): .object(members.filter { !$0.value.isNull }.mapValues(\.droppingNulls))
        default: self
        }
    }

    private var hasNullMember: Bool {
        switch self {
        case .array(let elements): elements.contains(where: \.hasNullMember)
        case .object(let members): members.values.contains { $0.isNull || $0.hasNullMember }
        default: false
        }
    }
}
