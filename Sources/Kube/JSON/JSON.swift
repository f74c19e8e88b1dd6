public import OrderedCollections

/// A JSON value: the form in which Kubernetes objects travel and in which objects of any kind are held.
///
/// Numbers keep Go's distinction between integers and floating point, as `k8s.io/apimachinery`'s unstructured objects
/// do. Objects keep the order in which their members came, but two objects with the same members are equal whatever
/// their order.
public enum JSON: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([JSON])
    case object(Members)

    /// The members of an object, in the order in which they came.
    public typealias Members = OrderedDictionary<String, JSON>
}

// MARK: - Reading

extension JSON {
    /// The members if this is an object.
    public var object: Members? {
        if case .object(let members) = self { members } else { nil }
    }

    /// The elements if this is an array.
    public var array: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The text if this is a string.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number if this is an integer, or a floating point number without a fraction.
    public var int: Int? {
        switch self {
        case .int(let value): Int(value)
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The number if this is one.
    public var double: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// The truth value if this is one.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// Whether this is `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The string members of an object, as label and annotation maps have them; members of other types are left out.
    public var strings: [String: String] {
        guard let object else { return [:] }
        var result = [String: String](minimumCapacity: object.count)
        for (key, value) in object {
            if let text = value.string { result[key] = text }
        }
        return result
    }

    /// What a person calls this value's type, for messages: "a string", "an object".
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

    /// The member of an object, or nil where this is no object or has no such member.
    ///
    /// Setting a member makes an object of a value that is none; setting nil removes the member.
    public subscript(key: String) -> JSON? {
        get { object?[key] }
        set {
            var members: Members = [:]
            if case .object(let existing) = self {
                members = existing
                self = .null  // gives up this reference, so that the change below copies nothing
            }
            members[key] = newValue
            self = .object(members)
        }
    }

    /// The element of an array, or nil where this is no array or is shorter.
    public subscript(index: Int) -> JSON? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }

    /// The value at a path of member names, or nil where a step is missing.
    ///
    /// Setting makes the objects on the way; setting nil removes the last member and leaves the way there alone.
    public subscript(path path: [String]) -> JSON? {
        get {
            var value = self
            for key in path {
                guard let next = value[key] else { return nil }
                value = next
            }
            return value
        }
        set {
            guard let first = path.first else {
                self = newValue ?? .null
                return
            }
            if path.count == 1 {
                if newValue == nil && self.object == nil { return }
                self[first] = newValue
                return
            }
            guard newValue != nil || self[first] != nil else { return }
            var child = self[first] ?? .object([:])
            self[first] = .null  // keeps the member's place, and leaves `child` the only reference
            child[path: Array(path.dropFirst())] = newValue
            self[first] = child
        }
    }

    /// The value at a path of member names, or nil where a step is missing.
    public subscript(_ first: String, _ second: String, _ rest: String...) -> JSON? {
        get { self[path: [first, second] + rest] }
        set { self[path: [first, second] + rest] = newValue }
    }
}

// MARK: - Equality

extension JSON: Hashable {
    /// Whether two values are the same: objects whatever their members' order, numbers by value.
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

    /// An object; where a name is given twice the last value stands.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Members(elements, uniquingKeysWith: { _, last in last }))
    }
}

extension JSON {
    /// An integer.
    public init(_ value: Int) { self = .int(Int64(value)) }
    /// A string.
    public init(_ value: String) { self = .string(value) }
    /// A list of strings.
    public init(_ values: [String]) { self = .array(values.map(JSON.string)) }
    /// An object of strings, its members sorted by name so that the same map always reads the same.
    public init(_ values: [String: String]) {
        var members = Members(minimumCapacity: values.count)
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { members[key] = .string(value) }
        self = .object(members)
    }

    /// This value without the members that are null, at any depth: lets a literal leave optional members out.
    public var droppingNulls: JSON {
        switch self {
        case .array(let elements): .array(elements.map(\.droppingNulls))
        case .object(let members): .object(members.filter { !$0.value.isNull }.mapValues(\.droppingNulls))
        default: self
        }
    }
}
