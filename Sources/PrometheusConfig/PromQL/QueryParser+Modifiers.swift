/// What follows a selector or a subquery: a range, an offset, a time.
extension QueryParser {
    mutating func postfix() throws(QueryError) -> QueryNode {
        var node = try primary()
        while true {
            if current.isSymbol("[") {
                node = try range(of: node)
            } else if current.isKeyword("offset") {
                try offset(&node)
            } else if current.isSymbol("@") {
                try time(&node)
            } else {
                return node
            }
        }
    }

    private mutating func range(of node: QueryNode) throws(QueryError) -> QueryNode {
        let start = current.range.lowerBound
        advance()
        try length()
        if skip("]") {
            guard case .selector(let hasOffset, let hasTime) = node.form else {
                throw error("ranges only allowed for vector selectors", at: start)
            }
            guard !hasOffset else { throw error("no offset modifiers allowed before range", at: start) }
            guard !hasTime else { throw error("no @ modifiers allowed before range", at: start) }
            return QueryNode(
                type: .matrix, form: .range(hasOffset: false, hasTime: false), start: node.start)
        }
        guard skip(":") else { throw unexpected("subquery or range", "\":\" or \"]\"") }
        if !current.isSymbol("]") { try length() }
        try expect("]", "subquery selector")
        guard node.type == .vector else {
            throw error("subquery is only allowed on instant vector, got \(node.type.rawValue) instead", at: node.start)
        }
        return QueryNode(type: .matrix, form: .subquery(hasOffset: false, hasTime: false), start: node.start)
    }

    /// A duration above zero.
    private mutating func length() throws(QueryError) {
        guard try isDuration() else { throw unexpected("subquery or range selector", "duration") }
        guard !isZero else { throw error("duration must be greater than 0") }
        advance()
    }

    /// Whether the token is a duration; from 3.0 on, seconds are one as well.
    private func isDuration() throws(QueryError) -> Bool {
        switch current.kind {
        case .duration: true
        case .number: version.major >= 3
        default: false
        }
    }

    private var isZero: Bool {
        if current.kind == .duration { return PrometheusDuration(current.text)?.milliseconds == 0 }
        return !current.text.lowercased().prefix { $0 != "e" }.contains { $0.isHexDigit && $0 != "0" }
    }

    private mutating func offset(_ node: inout QueryNode) throws(QueryError) {
        advance()
        if current.isSymbol("-") || current.isSymbol("+") { advance() }
        guard try isDuration() else { throw unexpected("offset", "duration") }
        let isSet = !isZero
        advance()
        guard let modifiers = node.modifiers else {
            throw error(
                "offset modifier must be preceded by an instant vector selector or range vector selector or a subquery",
                at: node.start)
        }
        guard !modifiers.hasOffset else { throw error("offset may not be set multiple times", at: node.start) }
        node.set(hasOffset: isSet, hasTime: modifiers.hasTime)
    }

    private mutating func time(_ node: inout QueryNode) throws(QueryError) {
        advance()
        if current.isKeyword("start") || current.isKeyword("end") {
            advance()
            try expect("(", "@")
            try expect(")", "@")
        } else {
            if current.isSymbol("-") || current.isSymbol("+") { advance() }
            guard current.kind == .number || (current.kind == .duration && version.major >= 3) else {
                throw unexpected("@", "timestamp")
            }
            if let value = Double(current.text), abs(value) >= 0x1p63 {
                throw error("timestamp out of bounds for @ modifier")
            }
            advance()
        }
        guard let modifiers = node.modifiers else {
            throw error(
                "@ modifier must be preceded by an instant vector selector or range vector selector or a subquery",
                at: node.start)
        }
        guard !modifiers.hasTime else { throw error("@ <timestamp> may not be set multiple times", at: node.start) }
        node.set(hasOffset: modifiers.hasOffset, hasTime: true)
    }
}
