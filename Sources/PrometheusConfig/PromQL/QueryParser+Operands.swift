/// Numbers, strings, parentheses, selectors, functions and aggregations.
extension QueryParser {
    /// The keywords that cannot be the name of a metric.
    private static let reserved: Set<String> = ["atan2", "bool", "group_left", "group_right", "ignoring", "on"]
    private static let numbers: Set<String> = ["inf", "nan"]
    /// The first version that takes names in quotes.
    private static let firstQuoted = PrometheusVersion(2, 53)
    /// The keywords that are no names of functions.
    private static let keywords: Set<String> = [
        "and", "or", "unless", "offset", "by", "without", "start", "end",
    ]

    mutating func primary() throws(QueryError) -> QueryNode {
        let start = current.range.lowerBound
        switch current.kind {
        case .number: return take(.scalar, start)
        case .duration:
            // From 3.0 on, a duration is a number of seconds.
            guard version.major >= 3 else { throw unexpected() }
            return take(.scalar, start)
        case .string: return take(.string, start)
        case .metricName: return try selector(start)
        case .identifier:
            let word = current.keyword ?? ""
            if Self.numbers.contains(word) { return take(.scalar, start) }
            if isAggregation(word) { return try aggregation(word, start) }
            if following.isSymbol("("), !Self.keywords.contains(word), !Self.reserved.contains(word) {
                return try call(start)
            }
            guard !Self.reserved.contains(word) else { throw unexpected() }
            return try selector(start)
        case .symbol where current.isSymbol("("):
            advance()
            let node = try expression()
            try expect(")", "expression in parentheses")
            return QueryNode(type: node.type, start: start)
        case .symbol where current.isSymbol("{"): return try selector(start)
        default: throw unexpected()
        }
    }

    private mutating func take(_ type: QueryType, _ start: Int) -> QueryNode {
        advance()
        return QueryNode(type: type, start: start)
    }

    // MARK: - Functions and aggregations

    private func isAggregation(_ word: String) -> Bool {
        guard QueryAggregation.names.contains(word) || isExperimental(word) else { return false }
        return following.isSymbol("(") || following.isKeyword("by") || following.isKeyword("without")
    }

    private func isExperimental(_ word: String) -> Bool { QueryAggregation.experimental.contains(word) }

    private mutating func aggregation(_ word: String, _ start: Int) throws(QueryError) -> QueryNode {
        guard !isExperimental(word) else { throw error("\(word)() is experimental and needs a feature flag") }
        advance()
        var isGrouped = false
        func isGrouping(_ token: QueryToken) -> Bool { token.isKeyword("by") || token.isKeyword("without") }
        if isGrouping(current) {
            isGrouped = true
            advance()
            _ = try labels()
        }
        let arguments = try arguments()
        if !isGrouped, isGrouping(current) {
            advance()
            _ = try labels()
        }
        let parameter = QueryAggregation.parameters[word]
        let expected = parameter == nil ? 1 : 2
        guard arguments.count == expected else {
            throw error(
                "wrong number of arguments for aggregate expression provided, expected \(expected), got "
                    + "\(arguments.count)", at: start)
        }
        let types = [parameter, .vector].compactMap(\.self)
        for (argument, type) in zip(arguments, types) where argument.type != type {
            let place = type == .vector ? "aggregation expression" : "aggregation parameter"
            throw mismatch(type, place, argument)
        }
        return QueryNode(type: .vector, start: start)
    }

    private mutating func call(_ start: Int) throws(QueryError) -> QueryNode {
        let name = current.text
        guard let function = QueryFunction.named(name, version) else {
            throw error("unknown function with name \"\(name.prefix(60))\"")
        }
        advance()
        let arguments = try arguments()
        let declared = function.arguments.count
        let least = function.variadic == 0 ? declared : declared - 1
        let most = function.variadic.map { least + $0 }
        guard arguments.count >= least, most.map({ arguments.count <= $0 }) ?? true else {
            let range = most == least ? "\(least)" : most.map { "\(least) to \($0)" } ?? "at least \(least)"
            throw error("expected \(range) argument(s) in call to \"\(name)\", got \(arguments.count)", at: start)
        }
        for (index, argument) in arguments.enumerated() {
            let type = function.arguments[min(index, declared - 1)]
            guard argument.type == type else { throw mismatch(type, "call to function \"\(name)\"", argument) }
        }
        return QueryNode(type: function.result, start: start)
    }

    private func mismatch(_ type: QueryType, _ place: String, _ found: QueryNode) -> QueryError {
        error("expected type \(type.rawValue) in \(place), got \(found.type.rawValue)", at: found.start)
    }

    private mutating func arguments() throws(QueryError) -> [QueryNode] {
        try expect("(", "function call")
        var arguments: [QueryNode] = []
        guard !skip(")") else { return [] }
        while true {
            arguments.append(try expression())
            if skip(")") { return arguments }
            guard skip(",") else { throw unexpected("function call", "\",\" or \")\"") }
        }
    }

    // MARK: - Selectors

    private mutating func selector(_ start: Int) throws(QueryError) -> QueryNode {
        var isNamed = false
        if current.kind != .symbol {
            isNamed = true
            advance()
        }
        if current.isSymbol("{") { try matchers(isNamed: isNamed, start) }
        return QueryNode(type: .vector, form: .selector(hasOffset: false, hasTime: false), start: start)
    }

    private mutating func matchers(isNamed: Bool, _ start: Int) throws(QueryError) {
        advance()
        var isNamed = isNamed
        var selectsSome = isNamed
        while !current.isSymbol("}") {
            let label = current
            guard label.kind == .identifier || (label.kind == .string && version >= Self.firstQuoted) else {
                throw unexpected("label matching", "identifier or \"}\"")
            }
            advance()
            if label.kind == .string, current.isSymbol(",") || current.isSymbol("}") {
                // The name of the metric in quotes.
                guard !isNamed, !label.text.isEmpty else { throw error("metric name must not be set twice", at: start) }
                (isNamed, selectsSome) = (true, true)
            } else {
                selectsSome = try matcher(label, isNamed: isNamed) || selectsSome
            }
            guard skip(",") || current.isSymbol("}") else { throw unexpected("label matching", "\",\" or \"}\"") }
        }
        advance()
        guard selectsSome else {
            throw error("vector selector must contain at least one non-empty matcher", at: start)
        }
    }

    /// Reads the operator and the value of a matcher; returns whether it keeps series without the label out.
    private mutating func matcher(_ label: QueryToken, isNamed: Bool) throws(QueryError) -> Bool {
        let symbol = current.text
        guard current.kind == .symbol, ["=", "!=", "=~", "!~"].contains(symbol) else {
            throw unexpected("label matching", "label matching operator")
        }
        advance()
        guard current.kind == .string else { throw unexpected("label matching", "string") }
        let value = current.text
        guard !isNamed || label.text != "__name__" else {
            throw error("metric name must not be set twice", at: label.range.lowerBound)
        }
        if symbol.hasSuffix("~"), let problem = RegularExpression.problem(value) {
            throw error("error parsing regexp: \(problem)")
        }
        advance()
        return switch symbol {
        case "=": !value.isEmpty
        case "!=": value.isEmpty
        case "=~": !RegularExpression.matchesEmpty(value)
        default: RegularExpression.matchesEmpty(value)
        }
    }
}
