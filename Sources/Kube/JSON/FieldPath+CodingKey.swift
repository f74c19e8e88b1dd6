extension FieldPath {
    /// The path of a decoder.
    init(_ keys: [any CodingKey]) {
        self.init(keys.map { key in key.intValue.map(Step.index) ?? .key(key.stringValue) })
    }
}

/// A step of a path as a coding key.
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
