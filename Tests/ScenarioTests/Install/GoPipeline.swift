import Kube

/// The expression of an action: commands, each of which gets the result of the one before as its last argument.
struct GoPipeline {
    indirect enum Operand {
        case literal(JSON)
        /// Members of the current value, or of a variable.
        case path(variable: String?, [String])
        case function(String)
        case group(GoPipeline, [String])
    }

    private(set) var commands: [[Operand]] = []

    init(_ tokens: [String]) throws {
        var rest = tokens[...]
        commands = try Self.commands(&rest)
        guard rest.isEmpty else {
            throw GoTemplate.Fault(description: "not understood: \(tokens.joined(separator: " "))")
        }
    }

    private init(commands: [[Operand]]) { self.commands = commands }

    private static func commands(_ rest: inout ArraySlice<String>) throws -> [[Operand]] {
        var commands: [[Operand]] = [[]]
        while let token = rest.first, token != ")" {
            rest.removeFirst()
            switch token {
            case "|": commands.append([])
            case "(":
                let group = GoPipeline(commands: try Self.commands(&rest))
                guard rest.popFirst() == ")" else { throw GoTemplate.Fault(description: "a ) too few") }
                commands[commands.count - 1].append(.group(group, []))
            default: commands[commands.count - 1].append(try operand(token))
            }
        }
        guard commands.allSatisfy({ !$0.isEmpty }) else { throw GoTemplate.Fault(description: "an empty command") }
        return commands
    }

    private static func operand(_ token: String) throws -> Operand {
        let names = token.split(separator: ".").map(String.init)
        if token.hasPrefix("\"") {
            return .literal(.string(String(token.dropFirst().dropLast()).replacing("\\n", with: "\n")))
        }
        if let number = Int64(token) { return .literal(.int(number)) }
        if token == "true" || token == "false" { return .literal(.bool(token == "true")) }
        if token.hasPrefix("$") { return .path(variable: names[0], Array(names.dropFirst())) }
        if token.hasPrefix(".") { return .path(variable: nil, names) }
        guard token.allSatisfy({ $0.isLetter }) else { throw GoTemplate.Fault(description: "not understood: \(token)") }
        return .function(token)
    }
}

/// The words of an action.
enum GoTokens {
    static func split(_ text: Substring) throws -> [String] {
        var (tokens, rest) = ([String](), text)
        while let next = rest.first {
            if next.isWhitespace {
                rest.removeFirst()
            } else if rest.hasPrefix("/*") {
                guard let end = rest.firstRange(of: "*/") else {
                    throw GoTemplate.Fault(description: "no end of \(rest)")
                }
                rest = rest[end.upperBound...]
            } else if next == "\"" {
                guard let end = rest.dropFirst().firstIndex(of: "\"") else {
                    throw GoTemplate.Fault(description: "no end of \(rest)")
                }
                tokens.append(String(rest[...end]))
                rest = rest[rest.index(after: end)...]
            } else if "()|".contains(next) {
                tokens.append(String(rest.removeFirst()))
            } else {
                let word = rest.prefix { !$0.isWhitespace && !"()|\"".contains($0) }
                tokens.append(String(word))
                rest = rest.dropFirst(word.count)
            }
        }
        return tokens
    }
}
