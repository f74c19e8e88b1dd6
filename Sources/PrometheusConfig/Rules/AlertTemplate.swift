/// The templates in labels and annotations of alerts, in the syntax of Go.
///
/// The check finds the common mistakes: actions that are not closed, blocks that do not match, functions and variables that do
/// not exist.
enum AlertTemplate {
    /// Why Prometheus would refuse a template; nil if nothing was found.
    static func problem(_ text: String) -> String? {
        guard text.contains("{{") else { return nil }
        var checker = AlertTemplateChecker(text)
        return checker.problem()
    }

    /// The functions of Prometheus's templates and those of Go's.
    static let functions: Set<String> = [
        "query", "first", "label", "value", "strvalue", "args", "reReplaceAll", "safeHtml", "match", "title", "toUpper",
        "toLower", "graphLink", "tableLink", "sortByLabel", "stripPort", "stripDomain", "humanize", "humanize1024",
        "humanizeDuration", "humanizePercentage", "humanizeTimestamp", "toTime", "pathPrefix", "externalURL",
        "parseDuration", "toDuration", "now", "urlQueryEscape", "and", "or", "not", "len", "index", "slice", "print",
        "printf", "println", "html", "js",
        "urlquery", "call", "eq", "ne", "lt", "le", "gt", "ge",
    ]

    /// The variables that each template has.
    static let variables: Set<String> = ["$", "$labels", "$externalLabels", "$externalURL", "$value"]
}

/// Reads a template once.
struct AlertTemplateChecker {
    private var rest: Substring
    private var blocks: [String] = []
    /// The variables of each block that is open, the outermost first.
    private var variables: [Set<String>] = [AlertTemplate.variables]

    init(_ text: String) { rest = text[...] }

    mutating func problem() -> String? {
        while let start = rest.firstRange(of: "{{") {
            rest = rest[start.upperBound...]
            if rest.hasPrefix("- ") { rest = rest.dropFirst(2) }
            if rest.drop(while: \.isWhitespace).hasPrefix("/*") {
                guard let end = rest.firstRange(of: "*/") else { return "a comment is not closed" }
                rest = rest[end.upperBound...]
                let after = rest.drop(while: \.isWhitespace)
                guard after.hasPrefix("}}") || after.hasPrefix("-}}") else { return "a comment is not closed by }}" }
                rest = rest[(after.firstRange(of: "}}")?.upperBound ?? rest.endIndex)...]
                continue
            }
            guard let words = action() else { return "an action is not closed: expected }} after {{" }
            if let problem = check(words) { return problem }
        }
        return blocks.isEmpty ? nil : "{{\(blocks.last ?? "")}} has no {{end}}"
    }

    /// The words of an action, without its strings; nil if it is not closed.
    private mutating func action() -> [String]? {
        var words: [String] = []
        var word = ""
        func isPart(_ character: Character) -> Bool {
            character.isLetter || character.isNumber || "_$.".contains(character)
        }
        func finish() { if !word.isEmpty { words.append(word) }; word = "" }
        while let character = rest.first {
            if rest.hasPrefix("}}") {
                finish()
                rest = rest.dropFirst(2)
                return words
            }
            rest = rest.dropFirst()
            switch character {
            case "\"", "'", "`":
                finish()
                guard skipString(character) else { return nil }
                words.append("\"")
            case _ where isPart(character): word.append(character)
            default:
                finish()
                if character == ":" || character == "=" || character == "|" || character == "," {
                    words.append(String(character))
                } else if character == "{" || character == "}" {
                    return nil
                }
            }
        }
        return nil
    }

    private mutating func skipString(_ quote: Character) -> Bool {
        while let character = rest.first {
            rest = rest.dropFirst()
            if character == quote { return true }
            if character == "\\", quote != "`" { rest = rest.dropFirst() }
            if character == "\n", quote != "`" { return false }
        }
        return false
    }

    private mutating func check(_ words: [String]) -> String? {
        guard let first = words.first else { return "an action is empty: {{}}" }
        var arguments = words[...]
        switch first {
        case "if", "range", "with", "block", "define":
            guard words.count > 1 else { return "{{\(first)}} lacks what it is about" }
            blocks.append(first)
            variables.append([])
            arguments = words.dropFirst()
        case "else":
            guard let block = blocks.last, block != "define", block != "block" else { return "{{else}} has no {{if}}" }
            arguments = words.dropFirst()
            if ["if", "with"].contains(arguments.first) { arguments = arguments.dropFirst() }
        case "end":
            guard !blocks.isEmpty, words.count == 1 else { return "{{end}} closes nothing" }
            blocks.removeLast()
            variables.removeLast()
            return nil
        case "template", "break", "continue": arguments = words.dropFirst()
        default: break
        }
        return checkNames(arguments)
    }

    private mutating func checkNames(_ words: ArraySlice<String>) -> String? {
        if let assign = words.firstIndex(of: ":"), words.indices.contains(assign + 1), words[assign + 1] == "=" {
            for word in words[..<assign] where word.hasPrefix("$") {
                variables[variables.count - 1].insert(word)
            }
        }
        for word in words {
            if word.hasPrefix("$") {
                let name = String(word.prefix { $0 != "." })
                if !variables.contains(where: { $0.contains(name) }) { return "undefined variable \"\(name)\"" }
            } else if let start = word.first, start.isLetter || start == "_" {
                let name = String(word.prefix { $0 != "." })
                if !AlertTemplate.functions.contains(name), !["true", "false", "nil"].contains(name) {
                    return "function \"\(name)\" not defined"
                }
            }
        }
        return nil
    }
}
