import Kube

/// A template of Helm, as far as the chart's templates use them: text, output, variables, `if`, `with`, `range` and
/// `define`. What is not known is an error, so that nothing is left out of a comparison without notice.
struct GoTemplate {
    struct Fault: Error, CustomStringConvertible { var description: String }

    indirect enum Node {
        case text(String)
        case output(GoPipeline)
        case variable(String, GoPipeline)
        case branches([(condition: GoPipeline, body: [Node])], otherwise: [Node])
        case with(GoPipeline, body: [Node], otherwise: [Node])
        case range(variable: String?, GoPipeline, body: [Node])
    }

    private(set) var nodes: [Node] = []
    private(set) var definitions: [String: [Node]] = [:]

    init(_ text: String) throws {
        var parser = Parser(pieces: try Self.pieces(text))
        nodes = try parser.nodes().nodes
        definitions = parser.definitions
        guard parser.isAtEnd else { throw Fault(description: "an end or else too many") }
    }

    /// Texts and the insides of actions, with white space removed where `{{-` and `-}}` say so.
    private static func pieces(_ text: String) throws -> [Piece] {
        var (pieces, rest, trims) = ([Piece](), Substring(text), false)
        while let open = rest.firstRange(of: "{{") {
            guard let close = rest[open.upperBound...].firstRange(of: "}}") else {
                throw Fault(description: "no }} after \(rest[open.lowerBound...].prefix(40))")
            }
            var inside = rest[open.upperBound..<close.lowerBound]
            var before = rest[..<open.lowerBound]
            if trims { before = before.drop { $0.isWhitespace } }
            if inside.first == "-" {
                inside = inside.dropFirst()
                while before.last?.isWhitespace == true { before = before.dropLast() }
            }
            trims = inside.last == "-"
            if trims { inside = inside.dropLast() }
            pieces.append(.text(String(before)))
            let tokens = try GoTokens.split(inside)
            if !tokens.isEmpty { pieces.append(.action(tokens)) }
            rest = rest[close.upperBound...]
        }
        return pieces + [.text(String(trims ? rest.drop { $0.isWhitespace } : rest))]
    }

    private enum Piece {
        case text(String)
        case action([String])
    }

    private struct Parser {
        let pieces: [Piece]
        var position = 0
        var definitions: [String: [Node]] = [:]

        var isAtEnd: Bool { position == pieces.count }

        /// The nodes until an `end` or `else` of what is around them, which is returned too.
        mutating func nodes() throws -> (nodes: [Node], ending: [String]) {
            var nodes: [Node] = []
            while position < pieces.count {
                defer { position += 1 }
                switch pieces[position] {
                case .text(let text): nodes.append(.text(text))
                case .action(let tokens) where ["end", "else"].contains(tokens[0]):
                    return (nodes, tokens)
                case .action(let tokens): try nodes += action(tokens)
                }
            }
            return (nodes, [])
        }

        private mutating func body() throws -> (nodes: [Node], ending: [String]) {
            position += 1
            let result = try nodes()
            position -= 1
            guard !result.ending.isEmpty else { throw Fault(description: "an end too few") }
            return result
        }

        private mutating func action(_ tokens: [String]) throws -> [Node] {
            let rest = Array(tokens.dropFirst())
            switch tokens[0] {
            case "define":
                definitions[String(rest[0].dropFirst().dropLast())] = try body().nodes
                return []
            case "if": return [try branches(rest)]
            case "with":
                let (pipeline, inside) = (try GoPipeline(rest), try body())
                return [
                    .with(pipeline, body: inside.nodes, otherwise: inside.ending == ["else"] ? try body().nodes : [])
                ]
            case "range":
                let variable = rest.count > 2 && rest[1] == ":=" ? rest[0] : nil
                let pipeline = try GoPipeline(variable == nil ? rest : Array(rest.dropFirst(2)))
                return [.range(variable: variable, pipeline, body: try body().nodes)]
            default:
                guard tokens.count > 2, [":=", "="].contains(tokens[1]) else {
                    return [.output(try GoPipeline(tokens))]
                }
                return [.variable(tokens[0], try GoPipeline(Array(tokens.dropFirst(2))))]
            }
        }

        private mutating func branches(_ first: [String]) throws -> Node {
            var (branches, condition) = ([(condition: GoPipeline, body: [Node])](), first)
            while true {
                let inside = try body()
                branches.append((try GoPipeline(condition), inside.nodes))
                guard inside.ending[0] == "else" else { return .branches(branches, otherwise: []) }
                guard inside.ending.count > 1 else { return .branches(branches, otherwise: try body().nodes) }
                condition = Array(inside.ending.dropFirst(2))
            }
        }
    }
}
