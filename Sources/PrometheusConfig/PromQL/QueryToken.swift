/// A token of an expression: what it is, and its bytes in the text.
struct QueryToken {
    enum Kind: Hashable {
        case end
        /// A name without colons, which may be a keyword.
        case identifier
        /// A name with colons, as recording rules have.
        case metricName
        case string, number, duration
        /// `+`, `==`, `=~`, `(` and the like.
        case symbol
    }

    var kind: Kind
    var range: Range<Int>
    /// The text; of a string, its value.
    var text: String

    /// The text in the spelling of keywords, which may be in either case.
    var keyword: String? { kind == .identifier ? text.lowercased() : nil }

    func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }

    func isKeyword(_ word: String) -> Bool { keyword == word }

    /// What was found, for messages.
    var found: String {
        switch kind {
        case .end: "end of input"
        case .string: "string \"\(text.prefix(40))\""
        default: "\"\(text.prefix(40))\""
        }
    }
}
