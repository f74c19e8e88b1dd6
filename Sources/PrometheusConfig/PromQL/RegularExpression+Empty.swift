extension RegularExpression {
    /// Whether a valid expression matches the empty text.
    static func matchesEmpty(_ text: String) -> Bool {
        var reader = EmptyMatch(scalars: Array(text.unicodeScalars))
        return reader.alternatives()
    }
}

/// Reads an expression for whether it matches the empty text.
private struct EmptyMatch {
    let scalars: [Unicode.Scalar]
    var position = 0

    private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    mutating func alternatives() -> Bool {
        var result = sequence()
        while current == "|" {
            position += 1
            let next = sequence()
            result = result || next
        }
        return result
    }

    private mutating func sequence() -> Bool {
        var result = true
        while let scalar = current, scalar != "|", scalar != ")" {
            var isEmpty = item()
            while let scalar = current, "*+?{".unicodeScalars.contains(scalar) {
                guard scalar != "{" || isCount else { break }
                if scalar == "*" || scalar == "?" { isEmpty = true }
                if scalar == "{" {
                    if isZeroCount { isEmpty = true }
                    while let next = current, next != "}" { _ = next; position += 1 }
                }
                position += 1
            }
            result = result && isEmpty
        }
        return result
    }

    private var isCount: Bool {
        let inside = scalars[(position + 1)...].prefix { $0 != "}" }
        let isClosed = position + 1 + inside.count < scalars.count
        return isClosed && ("0"..."9").contains(inside.first ?? "x")
            && inside.allSatisfy { ("0"..."9").contains($0) || $0 == "," }
    }

    private var isZeroCount: Bool {
        scalars[(position + 1)...].prefix { ("0"..."9").contains($0) }.allSatisfy { $0 == "0" }
    }

    private mutating func item() -> Bool {
        let scalar = scalars[position]
        position += 1
        switch scalar {
        case "(": return group()
        case "[":
            bracket()
            return false
        case "\\":
            let escaped = current
            position += 1
            if escaped == "Q" {
                let start = position
                while position < scalars.count, !scalars[position...].starts(with: ["\\", "E"]) { position += 1 }
                defer { position = min(position + 2, scalars.count) }
                return position == start
            }
            if escaped == "x", current == "{" { skip(to: "}") }
            if escaped == "p" || escaped == "P" {
                if current == "{" { skip(to: "}") } else { position += 1 }
            }
            return escaped == "A" || escaped == "z" || escaped == "B"
        case "^", "$": return true
        default: return false
        }
    }

    private mutating func skip(to end: Unicode.Scalar) {
        while let scalar = current, scalar != end { _ = scalar; position += 1 }
        position += 1
    }

    private mutating func group() -> Bool {
        if current == "?" {
            position += 1
            if current == "P" || current == "<" {
                skip(to: ">")
            } else {
                while let scalar = current, scalar != ":", scalar != ")" { _ = scalar; position += 1 }
                if current == ")" {
                    position += 1
                    return true
                }
                position += 1
            }
        }
        let result = alternatives()
        if current == ")" { position += 1 }
        return result
    }

    private mutating func bracket() {
        if current == "^" { position += 1 }
        if current == "]" { position += 1 }
        while let scalar = current, scalar != "]" {
            if scalar == "\\" {
                position += 1
            } else if scalar == "[", position + 1 < scalars.count, scalars[position + 1] == ":" {
                skip(to: ":")
                skip(to: ":")
                continue
            }
            position += 1
        }
        position += 1
    }
}
