import Kube

/// A path into an object, as printer columns of CustomResourceDefinitions write it: a subset of kubectl's JSONPath.
///
/// It supports members (`.spec.name`, `['a.b']`, `.a\.b`), indexes (`[0]`, `[-1]`), wildcards (`[*]`, `.*`), slices
/// (`[0:2]`) and filters (`[?(@.type=="Ready")]` with `==`, `!=`, `<`, `<=`, `>`, `>=`, or with a path that must exist).
struct JSONPath: Sendable {
    /// One step of a path.
    indirect enum Step: Sendable {
        case member(String)
        case index(Int)
        case all
        case slice(Int?, Int?)
        case filter(JSONPath, Comparison?)
    }

    /// The comparison of a filter: an operator and the literal on its right.
    struct Comparison: Sendable {
        var symbol: String
        var value: JSON
    }

    /// Filters in filters beyond this depth are not read: the parser recurses.
    fileprivate static let maximumDepth = 16

    /// The steps from the root.
    var steps: [Step]

    /// Parses a path; nil if the text is not a path, or uses another part of JSONPath.
    init?(_ text: String) {
        var parser = JSONPathParser(text)
        guard let steps = parser.steps(until: nil) else { return nil }
        self.steps = steps
    }

    /// Creates a path from its steps.
    init(steps: [Step]) { self.steps = steps }

    /// The values at the path, in the object's order; none if a step is missing.
    func values(in root: JSON) -> [JSON] {
        steps.reduce([root]) { values, step in values.flatMap { Self.take(step, from: $0) } }
    }

    private static func take(_ step: Step, from value: JSON) -> [JSON] {
        switch step {
        case .member(let name): return value[name].map { [$0] } ?? []
        case .all: return value.array ?? value.object.map { Array($0.values) } ?? []
        case .index(let index):
            let elements = value.array ?? []
            return value[index < 0 ? elements.count + index : index].map { [$0] } ?? []
        case .slice(let from, let to):
            let elements = value.array ?? []
            func bound(_ index: Int?, _ standard: Int) -> Int {
                guard let index else { return standard }
                return min(max(index < 0 ? elements.count + index : index, 0), elements.count)
            }
            let (start, end) = (bound(from, 0), bound(to, elements.count))
            return start < end ? Array(elements[start..<end]) : []
        case .filter(let path, let comparison):
            return (value.array ?? []).filter { element in
                guard let found = path.values(in: element).first else { return false }
                return comparison.map { holds(found, $0) } ?? true
            }
        }
    }

    private static func holds(_ left: JSON, _ comparison: Comparison) -> Bool {
        let right = comparison.value
        if comparison.symbol == "==" { return left == right }
        if comparison.symbol == "!=" { return left != right }
        let ascending: Bool
        if let a = left.double, let b = right.double {
            ascending = a < b
        } else if let a = left.string, let b = right.string {
            ascending = a < b
        } else {
            return false
        }
        return switch comparison.symbol {
        case "<": ascending
        case "<=": ascending || left == right
        case ">": !ascending && left != right
        default: !ascending
        }
    }
}

private struct JSONPathParser {
    private let characters: [Character]
    private var position = 0
    private var depth = 0

    init(_ text: String) {
        var text = text[...]
        if text.hasPrefix("{"), text.hasSuffix("}") { text = text.dropFirst().dropLast() }
        if text.hasPrefix("$") { text = text.dropFirst() }
        characters = Array(text)
    }

    private var next: Character? { position < characters.count ? characters[position] : nil }

    /// Parses steps until the end of the text; in a filter, until one of the characters that end its path.
    mutating func steps(until ends: Set<Character>?) -> [JSONPath.Step]? {
        var steps: [JSONPath.Step] = []
        while let character = next {
            if let ends, ends.contains(character) { break }
            switch character {
            case ".":
                position += 1
                guard let name = word(ends) else { return nil }
                if !name.isEmpty { steps.append(name == "*" ? .all : .member(name)) }
            case "[":
                position += 1
                guard let step = bracket() else { return nil }
                steps.append(step)
            default: return nil
            }
        }
        return steps
    }

    private mutating func word(_ ends: Set<Character>?) -> String? {
        var name = ""
        while let character = next, character != ".", character != "[", !(ends?.contains(character) ?? false) {
            position += 1
            if character == "\\" {
                guard let escaped = next else { return nil }
                position += 1
                name.append(escaped)
            } else {
                name.append(character)
            }
        }
        return name
    }

    private mutating func bracket() -> JSONPath.Step? {
        if next == "?" { return filter() }
        if next == "'" || next == "\"" {
            guard let name = quoted(), take("]") else { return nil }
            return .member(name)
        }
        var text = ""
        while let character = next, character != "]" {
            text.append(character)
            position += 1
        }
        guard take("]") else { return nil }
        if text == "*" { return .all }
        if let index = Int(text) { return .index(index) }
        let bounds = text.split(separator: ":", omittingEmptySubsequences: false)
        guard bounds.count == 2, bounds.allSatisfy({ $0.isEmpty || Int($0) != nil }) else { return nil }
        return .slice(Int(bounds[0]), Int(bounds[1]))
    }

    private mutating func filter() -> JSONPath.Step? {
        depth += 1
        defer { depth -= 1 }
        guard depth <= JSONPath.maximumDepth, take("?"), take("("), take("@"),
            let path = steps(until: [" ", "=", "!", "<", ">", ")"])
        else { return nil }
        skipBlanks()
        var symbol = ""
        while let character = next, "=!<>".contains(character) {
            symbol.append(character)
            position += 1
        }
        skipBlanks()
        var comparison: JSONPath.Comparison?
        if !symbol.isEmpty {
            guard ["==", "!=", "<", "<=", ">", ">="].contains(symbol), let value = literal() else { return nil }
            comparison = JSONPath.Comparison(symbol: symbol, value: value)
        }
        skipBlanks()
        guard take(")"), take("]") else { return nil }
        return .filter(JSONPath(steps: path), comparison)
    }

    private mutating func literal() -> JSON? {
        if next == "'" || next == "\"" { return quoted().map(JSON.string) }
        var text = ""
        while let character = next, character != ")", character != " " {
            text.append(character)
            position += 1
        }
        if let bool = Bool(text) { return .bool(bool) }
        return Int64(text).map(JSON.int) ?? Double(text).map(JSON.double)
    }

    private mutating func quoted() -> String? {
        guard let quote = next else { return nil }
        position += 1
        var text = ""
        while let character = next {
            position += 1
            if character == quote { return text }
            if character == "\\", let escaped = next {
                text.append(escaped)
                position += 1
            } else {
                text.append(character)
            }
        }
        return nil
    }

    private mutating func take(_ character: Character) -> Bool {
        guard next == character else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while next == " " { position += 1 }
    }
}
