extension JSON {
    /// The value at a path of member names, or nil if a member is missing.
    ///
    /// Setting creates the objects on the path. Setting nil removes the last member and creates nothing.
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
            self[first] = .null  // keeps the member's place and makes `child` the only reference
            child[path: Array(path.dropFirst())] = newValue
            self[first] = child
        }
    }

    /// The value at a path of two or more member names, or nil if a member is missing.
    public subscript(_ first: String, _ second: String, _ rest: String...) -> JSON? {
        get { self[path: [first, second] + rest] }
        set { self[path: [first, second] + rest] = newValue }
    }

    /// The value at a path, or nil if a member or element is missing.
    public subscript(path path: FieldPath) -> JSON? {
        var value = self
        for step in path.steps {
            let next =
                switch step {
                case .key(let key): value[key]
                case .index(let index): value[index]
                }
            guard let next else { return nil }
            value = next
        }
        return value
    }
}
