import OrderedCollections

extension FieldSet.Element {
    /// An element from a member's name in `fieldsV1`; nil if it is none.
    public init?(text: String) {
        let rest = String(text.dropFirst(2))
        switch text.prefix(2) {
        case "f:": self = .field(rest)
        case "k:":
            guard let json = try? JSON(parsing: rest), var members = json.object else { return nil }
            members.sort { $0.key < $1.key }
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

    /// The element as a member's name in `fieldsV1`.
    public var text: String {
        switch self {
        case .field(let name): "f:\(name)"
        case .key(let members): "k:\(JSON.object(members))"
        case .value(let value): "v:\(value)"
        case .index(let index): "i:\(index)"
        }
    }

    /// Whether two elements are the same; the members of a key in whatever order.
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.field(let a), .field(let b)): a == b
        case (.key(let a), .key(let b)): JSON.object(a) == JSON.object(b)
        case (.value(let a), .value(let b)): a == b
        case (.index(let a), .index(let b)): a == b
        default: false
        }
    }

    /// Feeds the element to a hasher.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .field(let name): hasher.combine(name)
        case .key(let members): hasher.combine(JSON.object(members))
        case .value(let value): hasher.combine(value)
        case .index(let index): hasher.combine(index)
        }
    }
}

extension FieldSet {
    /// A set from a `fieldsV1` member. Throws ``FieldError`` naming the member that is no path element.
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

    /// The set as a `fieldsV1` member, the elements in the order of their text.
    public var json: JSON {
        var members: JSON.Members = [:]
        if isMember, !children.isEmpty { members["."] = [:] }
        for (text, child) in children.map({ ($0.text, $1) }).sorted(by: { $0.0 < $1.0 }) where !child.isEmpty {
            members[text] = child.json
        }
        return .object(members)
    }
}
