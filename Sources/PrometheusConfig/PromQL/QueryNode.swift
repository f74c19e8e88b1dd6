/// What the parser keeps of a part of an expression: enough to check what stands around it.
struct QueryNode {
    enum Form {
        /// A selector, perhaps in brackets: with modifiers or without.
        case selector(hasOffset: Bool, hasTime: Bool)
        case range(hasOffset: Bool, hasTime: Bool)
        case subquery(hasOffset: Bool, hasTime: Bool)
        case other
    }

    var type: QueryType
    var form = Form.other
    /// Where it begins.
    var start: Int

    /// Whether modifiers may follow; nil where they may not.
    var modifiers: (hasOffset: Bool, hasTime: Bool)? {
        switch form {
        case .selector(let offset, let time), .range(let offset, let time), .subquery(let offset, let time):
            (offset, time)
        case .other: nil
        }
    }

    mutating func set(hasOffset: Bool, hasTime: Bool) {
        switch form {
        case .selector: form = .selector(hasOffset: hasOffset, hasTime: hasTime)
        case .range: form = .range(hasOffset: hasOffset, hasTime: hasTime)
        case .subquery: form = .subquery(hasOffset: hasOffset, hasTime: hasTime)
        case .other: break
        }
    }
}
