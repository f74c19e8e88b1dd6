import Kube

/// Parses the query parameter `labelSelector`, with the grammar and the errors of apimachinery's `labels.Parse`.
///
/// The operators `<` and `>` are refused: no client of this server uses them.
struct LabelSelectorParser {
    private enum Token: Equatable {
        case end, comma, open, close, not, equals, doubleEquals, notEquals, less, greater
        case word(String)

        var text: String {
            switch self {
            case .end: ""
            case .comma: ","
            case .open: "("
            case .close: ")"
            case .not: "!"
            case .equals: "="
            case .doubleEquals: "=="
            case .notEquals: "!="
            case .less: "<"
            case .greater: ">"
            case .word(let word): word
            }
        }
    }

    private var tokens: ArraySlice<Token>

    /// The requirements of `a=b,c!=d,e in (f,g),h notin (i),j,!k`. Throws 400 for anything else.
    static func parse(_ text: String) throws(APIStatus) -> [LabelSelector.Requirement] {
        var parser = LabelSelectorParser(tokens: tokens(text)[...])
        return try parser.requirements()
    }

    private static func tokens(_ text: String) -> [Token] {
        var tokens: [Token] = []
        var rest = text.utf8[...]
        func isSpecial(_ byte: UInt8) -> Bool { "=!(),<>".utf8.contains(byte) }
        func isBlank(_ byte: UInt8) -> Bool { " \t\r\n".utf8.contains(byte) }
        while let byte = rest.first {
            if isBlank(byte) {
                rest = rest.dropFirst()
                continue
            }
            if isSpecial(byte) {
                let symbols: [(String, Token)] = [
                    ("==", .doubleEquals), ("!=", .notEquals), ("=", .equals), ("!", .not), ("(", .open),
                    (")", .close), (",", .comma), ("<", .less), (">", .greater),
                ]
                guard let (symbol, token) = symbols.first(where: { rest.starts(with: $0.0.utf8) }) else { break }
                tokens.append(token)
                rest = rest.dropFirst(symbol.utf8.count)
                continue
            }
            let word = rest.prefix { !isSpecial($0) && !isBlank($0) }
            tokens.append(.word(String(decoding: word, as: UTF8.self)))
            rest = rest.dropFirst(word.count)
        }
        return tokens
    }

    private mutating func requirements() throws(APIStatus) -> [LabelSelector.Requirement] {
        var requirements: [LabelSelector.Requirement] = []
        while true {
            switch peek {
            case .word, .not: break
            case .end: return requirements
            case let token:
                throw .badRequest("found '\(token.text)', expected: !, identifier, or 'end of string'")
            }
            requirements.append(try requirement())
            switch next() {
            case .end: return requirements
            case .comma:
                switch peek {
                case .word, .not: break
                case let token: throw .badRequest("found '\(token.text)', expected: identifier after ','")
                }
            case let token: throw .badRequest("found '\(token.text)', expected: ',' or 'end of string'")
            }
        }
    }

    private mutating func requirement() throws(APIStatus) -> LabelSelector.Requirement {
        let isNegated = peek == .not
        if isNegated { _ = next() }
        let token = next()
        guard case .word(let key) = token else { throw Self.error("found '\(token.text)', expected: identifier") }
        if let problem = NameRules.qualifiedNameProblem(key) {
            throw Self.error("<nil>: Invalid value: \(JSON(key).text()): \(problem)")
        }
        if isNegated { return LabelSelector.Requirement(key: key, operator: .doesNotExist) }
        if peek == .end || peek == .comma { return LabelSelector.Requirement(key: key, operator: .exists) }
        let mark = next()
        let operation: LabelSelector.Requirement.Operator
        let values: [String]
        switch mark {
        case .word("in"), .word("notin"):
            operation = mark == .word("in") ? .in : .notIn
            values = try self.values()
        case .equals, .doubleEquals, .notEquals:
            operation = mark == .notEquals ? .notIn : .in
            values = [try value()]
        default:
            throw Self.error("found '\(mark.text)', expected: in, notin, =, ==, !=, gt, lt")
        }
        for value in values {
            if let problem = NameRules.labelValueProblem(value) {
                throw Self.error("<nil>: Invalid value: \(JSON(value).text()): \(problem)")
            }
        }
        return LabelSelector.Requirement(key: key, operator: operation, values: values)
    }

    private mutating func value() throws(APIStatus) -> String {
        if peek == .end || peek == .comma { return "" }
        let token = next()
        guard case .word(let value) = token else { throw Self.error("found '\(token.text)', expected: identifier") }
        return value
    }

    /// The values in parentheses; an empty value counts, as in `(a,)`.
    private mutating func values() throws(APIStatus) -> [String] {
        let token = next()
        guard token == .open else { throw Self.error("found '\(token.text)' expected: '('") }
        var values: [String] = []
        while true {
            if case .word(let value) = peek {
                values.append(value)
                _ = next()
            } else {
                values.append("")
            }
            switch next() {
            case .comma: continue
            case .close: return values
            case let token: throw Self.error("found '\(token.text)', expected: ',' or ')'")
            }
        }
    }

    private var peek: Token { tokens.first ?? .end }
    private mutating func next() -> Token { tokens.popFirst() ?? .end }

    private static func error(_ problem: String) -> APIStatus { .badRequest("unable to parse requirement: \(problem)") }
}
