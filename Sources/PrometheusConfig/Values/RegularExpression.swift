/// What is wrong with regular expressions of RE2's syntax, which Prometheus uses, found without compiling them.
///
/// It finds what people get wrong: brackets that do not close, operators without anything to repeat, and what Perl has
/// and RE2 has not. What it lets through may in rare cases still be refused by Prometheus.
public enum RegularExpression {
    /// Why Prometheus would refuse an expression, in words; nil where nothing was found.
    public static func problem(_ text: String) -> String? {
        var checker = Checker(scalars: Array(text.unicodeScalars))
        return checker.run()
    }

    private struct Checker {
        let scalars: [Unicode.Scalar]
        var position = 0
        var open = 0
        /// Whether something stands before the position that an operator can repeat.
        var hasOperand = false
        /// Whether that is itself already repeated.
        var isRepeated = false

        init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

        var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

        mutating func run() -> String? {
            while let scalar = current {
                position += 1
                if let problem = step(scalar) { return problem }
            }
            return open > 0 ? "a ( is not closed" : nil
        }

        mutating func step(_ scalar: Unicode.Scalar) -> String? {
            switch scalar {
            case "(": return group()
            case ")":
                guard open > 0 else { return "a ) was never opened" }
                open -= 1
                operand()
            case "|": hasOperand = false
            case "[": return bracket()
            case "\\": return escape()
            case "*", "+", "?": return repetition("\(scalar)")
            case "{":
                guard let counts = counts() else { return operand() }
                if counts.low > 1000 || counts.high ?? 0 > 1000 || counts.high.map({ $0 < counts.low }) ?? false {
                    return "the repeat count {…} is out of range"
                }
                return repetition("{…}")
            default: operand()
            }
            return nil
        }

        @discardableResult mutating func operand() -> String? {
            hasOperand = true
            isRepeated = false
            return nil
        }

        mutating func repetition(_ name: String) -> String? {
            guard hasOperand else { return "\(name) has nothing before it to repeat" }
            guard !isRepeated else { return "\(name) repeats what is already repeated" }
            if current == "?" { position += 1 }
            isRepeated = true
            return nil
        }

        /// The counts of `{2}`, `{2,}` or `{2,3}`, passed over; nil where the brace means itself.
        mutating func counts() -> (low: Int, high: Int?)? {
            guard let end = scalars[position...].prefix(16).firstIndex(of: "}") else { return nil }
            let inside = String(String.UnicodeScalarView(scalars[position..<end]))
            let parts = inside.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
            guard let low = UInt32(parts[0]), parts.count == 1 || parts[1].isEmpty || UInt32(parts[1]) != nil else {
                return nil
            }
            position = end + 1
            return (Int(low), parts.count == 1 ? Int(low) : UInt32(parts[1]).map(Int.init))
        }

        mutating func group() -> String? {
            open += 1
            hasOperand = false
            guard current == "?" else { return nil }
            position += 1
            if current == "P" || current == "<" {
                if current == "P" { position += 1 }
                guard current == "<", let end = scalars[position...].firstIndex(of: ">") else {
                    return "a group's name is not written (?P<name>…)"
                }
                let name = scalars[(position + 1)..<end]
                if name.first == "=" || name.first == "!" { return "(?<\(name[name.startIndex]) is not known to RE2" }
                guard !name.isEmpty,
                    name.allSatisfy({ $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil })
                else { return "a group's name is not made of letters, digits and _" }
                position = end + 1
                return nil
            }
            while let scalar = current {
                position += 1
                switch scalar {
                case "i", "m", "s", "U", "-": continue
                case ":": return nil
                case ")":
                    open -= 1
                    return nil
                default: return "(?\(scalar) is not known to RE2"
                }
            }
            return "a ( is not closed"
        }

        mutating func bracket() -> String? {
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
                    guard let low = member(scalar) else { return "an unknown escape or a lone \\ in […]" }
                    if current == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
                        position += 2
                        guard let high = member(scalars[position - 1]) else { return "an unknown escape in […]" }
                        if high < low { return "the range \(low)-\(high) runs backwards" }
                    }
                }
            }
            return "a [ is not closed"
        }

        /// Where a class such as `[:alpha:]` ends.
        func closingClass() -> Int? {
            guard let end = scalars[(position + 1)...].firstIndex(of: ":"), end + 1 < scalars.count,
                scalars[end + 1] == "]"
            else { return nil }
            return end + 2
        }

        /// A member of a bracket by its first character; after a `\` the next one stands for itself, which is enough
        /// to compare the ends of a range.
        mutating func member(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
            guard scalar == "\\" else { return scalar }
            guard let escaped = current else { return nil }
            position += 1
            return escaped
        }

        mutating func escape() -> String? {
            guard let scalar = current else { return "the expression ends with \\" }
            position += 1
            switch scalar {
            case "A", "b", "B", "z":
                hasOperand = true
                isRepeated = false
            case "Q":
                while let scalar = current,
                    !(scalar == "\\" && position + 1 < scalars.count && scalars[position + 1] == "E")
                {
                    _ = scalar
                    position += 1
                }
                position = min(position + 2, scalars.count)
                operand()
            case "d", "D", "s", "S", "w", "W", "a", "f", "n", "r", "t", "v", "x", "p", "P", "C", "0": operand()
            case "1"..."9":
                guard let next = current, ("0"..."7").contains(next), scalar < "8" else {
                    return "\\\(scalar) refers back to a group, which RE2 does not know"
                }
                operand()
            case "a"..."z", "A"..."Z": return "\\\(scalar) is not known to RE2"
            default: operand()
            }
            return nil
        }
    }
}
