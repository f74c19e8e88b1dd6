/// Reads a regular expression once, from the left to the right, and stops at the first problem.
struct RegularExpressionChecker {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var size = RegularExpressionSize()
    /// Whether an operator can repeat what stands before the position.
    private var hasOperand = false
    /// Whether what stands before the position is already repeated.
    private var isRepeated = false

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    /// The first problem; nil if there is none.
    mutating func problem() -> String? {
        while let scalar = current {
            position += 1
            if let problem = step(scalar) ?? size.problem { return problem }
        }
        return size.depth > 0 ? "missing closing )" : size.finish()
    }

    private mutating func step(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "(": return group()
        case ")":
            guard size.depth > 0 else { return "unexpected )" }
            size.closeGroup()
            hasOperand = true
            isRepeated = false
        case "|":
            size.startAlternative()
            hasOperand = false
        case "[": return bracket()
        case "\\": return escape()
        case "*", "+", "?": return repetition("\(scalar)") { $0.repeatLast() }
        case "{": return counted()
        default: operand()
        }
        return nil
    }

    private mutating func operand(scalars count: Int = 1) {
        size.append(count)
        hasOperand = true
        isRepeated = false
    }

    // MARK: - Repetitions

    private mutating func repetition(
        _ name: String, _ note: (inout RegularExpressionSize) -> Bool
    ) -> String? {
        guard hasOperand else { return "missing argument to repetition operator \(name)" }
        guard !isRepeated else { return "invalid nested repetition operator \(name)" }
        guard note(&size) else {
            return "invalid repeat count \(name): nested repetitions multiply to more than \(Self.mostRepeats)"
        }
        if current == "?" { position += 1 }
        isRepeated = true
        return nil
    }

    /// Reads `{2}`, `{2,}` or `{2,3}`; a brace that starts none of these is a literal.
    private mutating func counted() -> String? {
        let start = position - 1
        guard let low = count() else {
            operand()
            return nil
        }
        var high: Int? = low
        if current == "," {
            position += 1
            high = current == "}" ? nil : count() ?? -1
        }
        guard current == "}", high != -1 else {
            position = start + 1
            operand()
            return nil
        }
        position += 1
        let name = String(String.UnicodeScalarView(scalars[start..<position].prefix(40)))
        guard low <= Self.mostRepeats, high.map({ (low...max(low, Self.mostRepeats)).contains($0) }) ?? true else {
            return "invalid repeat count \(name)"
        }
        return repetition(name) { $0.repeatLast(low, high) }
    }

    /// Reads a number without leading zeros; one above all limits where it is too large for them.
    private mutating func count() -> Int? {
        var number = 0
        let start = position
        while let scalar = current, ("0"..."9").contains(scalar) {
            number = min(number * 10 + Int(scalar.value - 0x30), Self.mostRepeats + 1)
            position += 1
        }
        guard position > start, position == start + 1 || scalars[start] != "0" else {
            position = start
            return nil
        }
        return number
    }

    /// The largest repeat count, also of repetitions in one another, in Go's `regexp/syntax`.
    static let mostRepeats = 1000

    // MARK: - Groups, brackets and escapes

    private mutating func group() -> String? {
        size.openGroup()
        hasOperand = false
        guard current == "?" else { return nil }
        position += 1
        if current == "P" || current == "<" { return groupName() }
        while let scalar = current {
            position += 1
            switch scalar {
            case "i", "m", "s", "U", "-": continue
            case ":": return nil
            case ")":
                size.dropGroup()
                return nil
            default: return "unsupported Perl syntax (?\(scalar)"
            }
        }
        return "missing closing )"
    }

    private mutating func groupName() -> String? {
        if current == "P" { position += 1 }
        guard current == "<", let end = scalars[position...].firstIndex(of: ">") else {
            return "invalid named capture; expected (?P<name>…)"
        }
        let name = scalars[(position + 1)..<end]
        if let first = name.first, first == "=" || first == "!" { return "unsupported Perl syntax (?<\(first)" }
        guard !name.isEmpty,
            name.allSatisfy({ $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil })
        else { return "invalid named capture; expected a name of letters, digits and _" }
        position = end + 1
        return nil
    }

    private mutating func bracket() -> String? {
        if current == "^" { position += 1 }
        var isFirst = true
        while let scalar = current {
            position += 1
            if scalar == "]" && !isFirst {
                operand()
                return nil
            }
            isFirst = false
            if scalar == "[", current == ":", let end = closingClass() {
                position = end
            } else {
                guard let low = member(scalar) else { return "trailing backslash at end of expression" }
                if current == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
                    position += 2
                    guard let high = member(scalars[position - 1]) else {
                        return "trailing backslash at end of expression"
                    }
                    if high < low { return "invalid character class range \(low)-\(high)" }
                }
            }
        }
        return "missing closing ]"
    }

    /// The position after a class such as `[:alpha:]`.
    private func closingClass() -> Int? {
        guard let end = scalars[(position + 1)...].firstIndex(of: ":"), end + 1 < scalars.count,
            scalars[end + 1] == "]"
        else { return nil }
        return end + 2
    }

    /// A member of a bracket by its first character.
    ///
    /// The character after a `\` stands for itself here, which is enough to compare the ends of a range.
    private mutating func member(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        guard scalar == "\\" else { return scalar }
        guard let escaped = current else { return nil }
        position += 1
        return escaped
    }

    private mutating func escape() -> String? {
        guard let scalar = current else { return "trailing backslash at end of expression" }
        position += 1
        switch scalar {
        case "Q":
            let start = position
            while position < scalars.count, !scalars[position...].starts(with: ["\\", "E"]) { position += 1 }
            operand(scalars: position - start)
            position = min(position + 2, scalars.count)
        case "A", "b", "B", "z", "d", "D", "s", "S", "w", "W", "a", "f", "n", "r", "t", "v", "x", "p", "P", "C", "0":
            operand()
        case "1"..."9":
            guard let next = current, ("0"..."7").contains(next), scalar < "8" else {
                return "invalid escape sequence \\\(scalar); RE2 has no backreferences"
            }
            operand()
        case "a"..."z", "A"..."Z": return "invalid escape sequence \\\(scalar)"
        default: operand()
        }
        return nil
    }
}
