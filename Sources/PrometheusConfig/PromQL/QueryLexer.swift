/// Splits an expression into tokens, as Prometheus's lexer does.
struct QueryLexer {
    let bytes: [UInt8]
    var position = 0
    private var isInBraces = false
    /// Whether the position is between the brackets of a range, where a colon is no part of a name.
    private var isInBrackets = false

    init(_ text: String) { bytes = Array(text.utf8) }

    /// All tokens, the last of which is the end.
    static func tokens(_ text: String) throws(QueryError) -> [QueryToken] {
        var lexer = QueryLexer(text)
        var tokens: [QueryToken] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    func error(_ problem: String, at offset: Int? = nil) -> QueryError {
        QueryError(bytes, at: offset ?? position, problem)
    }

    func token(_ kind: QueryToken.Kind, from start: Int) -> QueryToken {
        let range = start..<position
        return QueryToken(kind: kind, range: range, text: String(decoding: bytes[range], as: UTF8.self))
    }

    private mutating func next() throws(QueryError) -> QueryToken {
        skipSpaceAndComments()
        let start = position
        guard let byte = current else {
            guard !isInBraces else { throw error("unexpected end of input inside braces") }
            return token(.end, from: start)
        }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): return try string(byte)
        case _ where byte.isNameStart: return name(from: start)
        // Inside of braces only names and strings stand beside operators.
        case UInt8(ascii: ":") where !isInBraces && !isInBrackets: return name(from: start)
        case _ where byte.isDigit && !isInBraces: return try number(from: start)
        case UInt8(ascii: ".") where !isInBraces && isDigit(position + 1): return try number(from: start)
        default: return try symbol(from: start)
        }
    }

    private mutating func skipSpaceAndComments() {
        while let byte = current {
            if byte == UInt8(ascii: "#") {
                while let byte = current, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { position += 1 }
            } else if " \t\n\r".utf8.contains(byte) {
                position += 1
            } else {
                return
            }
        }
    }

    func isDigit(_ place: Int) -> Bool { place < bytes.count && bytes[place].isDigit }

    private mutating func name(from start: Int) -> QueryToken {
        while let byte = current, byte.isNameStart || byte.isDigit || (byte == UInt8(ascii: ":") && !isInBraces) {
            position += 1
        }
        let isMetric = bytes[start..<position].contains(UInt8(ascii: ":"))
        return token(isMetric ? .metricName : .identifier, from: start)
    }

    private mutating func symbol(from start: Int) throws(QueryError) -> QueryToken {
        let two = String(decoding: bytes[start..<min(start + 2, bytes.count)], as: UTF8.self)
        let pairs = isInBraces ? ["=~", "!~", "!="] : ["==", "!=", "<=", ">="]
        if pairs.contains(two) {
            position += 2
            return token(.symbol, from: start)
        }
        let singles = isInBraces ? ",=}" : "+-*/%^=<>()[]{},:@"
        guard let byte = current, singles.utf8.contains(byte) else {
            let scalar = String(decoding: bytes[start...].prefix(4), as: UTF8.self).unicodeScalars.first ?? "?"
            throw error("unexpected character '\(scalar)'\(isInBraces ? " inside braces" : "")")
        }
        position += 1
        if byte == UInt8(ascii: "[") { isInBrackets = true }
        if byte == UInt8(ascii: "]") { isInBrackets = false }
        if byte == UInt8(ascii: "{") { isInBraces = true }
        if byte == UInt8(ascii: "}") {
            guard isInBraces else { throw error("unexpected character '}'", at: start) }
            isInBraces = false
        }
        return token(.symbol, from: start)
    }
}

extension UInt8 {
    /// Whether a name can start with it: a letter or `_`.
    fileprivate var isNameStart: Bool {
        self == UInt8(ascii: "_") || (isAlphanumeric && !isDigit)
    }
}
