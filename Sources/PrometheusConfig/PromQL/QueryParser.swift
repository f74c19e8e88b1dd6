/// Parses an expression of Prometheus's query language and checks its types, so that whoever loads it later does not have to
/// refuse it together with everything beside it.
///
/// The grammar and the checks are those of Prometheus, without what feature flags enable.
public struct QueryParser {
    private let bytes: [UInt8]
    private let tokens: [QueryToken]
    let version: PrometheusVersion
    private var place = 0
    private var depth = 0

    /// The deepest nesting that is read. Nobody writes such expressions by hand.
    private static let mostDepth = 100
    /// The longest expression in bytes.
    public static let mostBytes = 64 << 10

    /// Checks an expression for a version of Prometheus; throws ``QueryError`` where Prometheus would refuse it.
    public static func check(_ text: String, version: PrometheusVersion) throws(QueryError) {
        guard text.utf8.count <= mostBytes else {
            throw QueryError([], at: 0, "has \(text.utf8.count) bytes; expected at most \(mostBytes)")
        }
        var parser = QueryParser(bytes: Array(text.utf8), tokens: try QueryLexer.tokens(text), version: version)
        guard parser.current.kind != .end else { throw parser.error("no expression found in input") }
        _ = try parser.expression()
        guard parser.current.kind == .end else { throw parser.unexpected() }
    }

    private init(bytes: [UInt8], tokens: [QueryToken], version: PrometheusVersion) {
        self.bytes = bytes
        self.tokens = tokens
        self.version = version
    }

    // MARK: - Tokens

    var current: QueryToken { tokens[place] }
    var following: QueryToken { tokens[min(place + 1, tokens.count - 1)] }

    mutating func advance() { place = min(place + 1, tokens.count - 1) }

    mutating func skip(_ symbol: String) -> Bool {
        guard current.isSymbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func expect(_ symbol: String, _ context: String) throws(QueryError) {
        guard skip(symbol) else { throw unexpected(context, "\"\(symbol)\"") }
    }

    func error(_ problem: String, at offset: Int? = nil) -> QueryError {
        QueryError(bytes, at: offset ?? current.range.lowerBound, problem)
    }

    func unexpected(_ context: String? = nil, _ expected: String? = nil) -> QueryError {
        let (place, wanted) = (context.map { " in \($0)" } ?? "", expected.map { ", expected \($0)" } ?? "")
        return error("unexpected \(current.found)\(place)\(wanted)")
    }

    // MARK: - Operators

    /// How strongly binary operators bind.
    private static let precedences: [String: Int] = [
        "or": 1, "and": 2, "unless": 2, "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "+": 4, "-": 4, "*": 5,
        "/": 5, "%": 5, "atan2": 5, "^": 6,
    ]
    private static let comparisons: Set<String> = ["==", "!=", "<", "<=", ">", ">="]
    private static let setOperators: Set<String> = ["and", "or", "unless"]

    private var binaryOperator: (name: String, precedence: Int)? {
        guard let name = current.kind == .symbol ? current.text : current.keyword else { return nil }
        return Self.precedences[name].map { (name, $0) }
    }

    /// An expression whose operators bind at least this strongly.
    mutating func expression(_ least: Int = 1) throws(QueryError) -> QueryNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.mostDepth else { throw error("nested more than \(Self.mostDepth) deep") }
        var left = try unary()
        while let (name, precedence) = binaryOperator, precedence >= least {
            let place = current.range.lowerBound
            advance()
            let matching = try matching()
            let right = try expression(name == "^" ? precedence : precedence + 1)
            left = try binary(name, at: place, left, matching, right)
        }
        return left
    }

    private mutating func unary() throws(QueryError) -> QueryNode {
        guard current.isSymbol("-") || current.isSymbol("+") else { return try postfix() }
        let start = current.range.lowerBound
        advance()
        // A sign binds as strongly as multiplication.
        let operand = try expression(6)
        guard operand.type == .scalar || operand.type == .vector else {
            throw error(
                "unary expression only allowed on expressions of type scalar or instant vector, got "
                    + "\"\(operand.type.rawValue)\"", at: start)
        }
        return QueryNode(type: operand.type, start: start)
    }

    /// How an operator matches the series of both sides.
    private struct Matching {
        var isBool = false
        var isOn = false
        var labels: [String] = []
        var isGrouped = false
        var included: [String] = []
    }

    private mutating func matching() throws(QueryError) -> Matching {
        var matching = Matching()
        if current.isKeyword("bool") {
            matching.isBool = true
            advance()
        }
        guard current.isKeyword("on") || current.isKeyword("ignoring") else { return matching }
        matching.isOn = current.isKeyword("on")
        advance()
        matching.labels = try labels()
        guard current.isKeyword("group_left") || current.isKeyword("group_right") else { return matching }
        matching.isGrouped = true
        advance()
        if current.isSymbol("(") { matching.included = try labels() }
        return matching
    }

    private func binary(
        _ name: String, at place: Int, _ left: QueryNode, _ matching: Matching, _ right: QueryNode
    ) throws(QueryError) -> QueryNode {
        let isSet = Self.setOperators.contains(name)
        let isComparison = Self.comparisons.contains(name)
        let types = [left.type, right.type]
        func refuse(_ problem: String) -> QueryError { error(problem, at: place) }
        if matching.isBool, !isComparison { throw refuse("bool modifier can only be used on comparison operators") }
        if isComparison, !matching.isBool, types == [.scalar, .scalar] {
            throw refuse("comparisons between scalars must use BOOL modifier")
        }
        guard types.allSatisfy({ $0 == .scalar || $0 == .vector }) else {
            throw refuse("binary expression must contain only scalar and instant vector types")
        }
        if matching.isOn, let both = matching.labels.first(where: matching.included.contains) {
            throw refuse("label \"\(both)\" must not occur in ON and GROUP clause at once")
        }
        let areVectors = types == [.vector, .vector]
        if !areVectors, !matching.labels.isEmpty {
            throw refuse("vector matching only allowed between instant vectors")
        }
        if isSet {
            if matching.isGrouped, areVectors { throw refuse("no grouping allowed for \"\(name)\" operation") }
            if !areVectors { throw refuse("set operator \"\(name)\" not allowed in binary scalar expression") }
        }
        return QueryNode(type: types.contains(.vector) ? .vector : .scalar, start: left.start)
    }

    /// Label names in parentheses.
    mutating func labels() throws(QueryError) -> [String] {
        try expect("(", "grouping opts")
        var labels: [String] = []
        while !current.isSymbol(")") {
            let isQuoted = current.kind == .string && version.allowsAnyLabelName
            let isName = current.kind == .identifier && !["without", "inf", "nan"].contains(current.keyword)
            let isColoned = current.kind == .metricName && version.allowsAnyLabelName
            guard isQuoted || isName || isColoned, !current.text.isEmpty else {
                throw unexpected("grouping opts", "label")
            }
            labels.append(current.text)
            advance()
            guard skip(",") || current.isSymbol(")") else { throw unexpected("grouping opts", "\",\" or \")\"") }
        }
        advance()
        return labels
    }
}
