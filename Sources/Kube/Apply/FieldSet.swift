public import OrderedCollections

/// A set of fields of an object: the `fieldsV1` of an entry in `metadata.managedFields`.
///
/// The same tree as in structured-merge-diff: a field can itself be in the set, have fields below it in the set, or
/// both.
public struct FieldSet: Sendable, Hashable {
    /// One step down a path.
    public enum Element: Sendable {
        /// A member of an object: `f:name`.
        case field(String)
        /// An element of a list of type map, by its key members: `k:{"name":"x"}`.
        case key(JSON.Members)
        /// An element of a list of type set, by its value: `v:"x"`.
        case value(JSON)
        /// An element of a list, by its index: `i:0`.
        case index(Int)
    }

    /// Whether the field at the root of this set is itself in the set: `.` in the JSON form.
    public var isMember: Bool
    /// The sets of fields below the root.
    public var children: OrderedDictionary<Element, FieldSet>

    /// A set of only the root field, or an empty set.
    public init(isMember: Bool = false) {
        self.isMember = isMember
        children = [:]
    }

    /// A set from its `fieldsV1` form. Throws ``FieldError`` for a member that is not a path element.
    public init(json: JSON, at path: FieldPath = FieldPath("fieldsV1")) throws(FieldError) {
        guard let members = json.object else { throw FieldError(path, "\(json.typeName) should be an object") }
        self.init()
        for (key, value) in members {
            if key == "." {
                isMember = true
                continue
            }
            guard let element = Element(text: key) else {
                throw FieldError(path.appending(key), "should begin with f:, k:, v: or i:, or be a point")
            }
            var child = try FieldSet(json: value, at: path.appending(key))
            if child.children.isEmpty { child.isMember = true }
            children[element] = child
        }
    }
}

extension FieldSet.Element: Hashable {
    /// An element from the name of a `fieldsV1` member; nil if the name is not a path element.
    init?(text: String) {
        let rest = String(text.dropFirst(2))
        switch text.prefix(2) {
        case "f:": self = .field(rest)
        case "k:":
            guard let json = try? JSON(parsing: rest), let members = json.object else { return nil }
            self = .key(members)
        case "v:":
            guard let json = try? JSON(parsing: rest) else { return nil }
            self = .value(json)
        case "i:":
            guard let index = Int(rest) else { return nil }
            self = .index(index)
        default: return nil
        }
    }

    /// Whether two elements are equal; the order of key members does not matter.
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.field(let a), .field(let b)): a == b
        case (.key(let a), .key(let b)): JSON.object(a) == JSON.object(b)
        case (.value(let a), .value(let b)): a == b
        case (.index(let a), .index(let b)): a == b
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .field(let name): hasher.combine(name)
        case .key(let members): hasher.combine(JSON.object(members))
        case .value(let value): hasher.combine(value)
        case .index(let index): hasher.combine(index)
        }
    }
}
