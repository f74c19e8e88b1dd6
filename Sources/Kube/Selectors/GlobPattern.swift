/// A pattern of Go's `filepath.Match`: `*`, `?`, `[a-z]`, `[^a]`, and `\` to escape a character.
public struct GlobPattern: Sendable, Hashable {
    private enum Part: Sendable, Hashable {
        case any
        case one
        case literal(Unicode.Scalar)
        case ranges([ClosedRange<Unicode.Scalar>], isNegated: Bool)
    }

    private let parts: [Part]

    /// Reads a pattern; nil for a pattern that Go refuses with `ErrBadPattern`.
    public init?(_ text: String) {
        var scalars = Array(text.unicodeScalars)[...]
        var parts: [Part] = []
        while let scalar = scalars.popFirst() {
            switch scalar {
            case "*": if parts.last != .any { parts.append(.any) }
            case "?": parts.append(.one)
            case "[":
                guard let ranges = Self.ranges(&scalars) else { return nil }
                parts.append(ranges)
            case "\\":
                guard let escaped = scalars.popFirst() else { return nil }
                parts.append(.literal(escaped))
            default: parts.append(.literal(scalar))
            }
        }
        self.parts = parts
    }

    private static func ranges(_ scalars: inout ArraySlice<Unicode.Scalar>) -> Part? {
        var isNegated = false
        if scalars.first == "^" {
            isNegated = true
            scalars.removeFirst()
        }
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while true {
            if scalars.first == "]", !ranges.isEmpty {
                scalars.removeFirst()
                return .ranges(ranges, isNegated: isNegated)
            }
            guard let low = rangeEnd(&scalars) else { return nil }
            var high = low
            if scalars.first == "-" {
                scalars.removeFirst()
                guard let end = rangeEnd(&scalars) else { return nil }
                high = end
            }
            // Go accepts a reversed range, which is empty.
            if low <= high { ranges.append(low...high) } else { ranges.append("\u{10FFFF}"..."\u{10FFFF}") }
        }
    }

    /// One end of a range. More must follow, at least the closing bracket.
    private static func rangeEnd(_ scalars: inout ArraySlice<Unicode.Scalar>) -> Unicode.Scalar? {
        guard var scalar = scalars.popFirst(), scalar != "-", scalar != "]" else { return nil }
        if scalar == "\\" {
            guard let escaped = scalars.popFirst() else { return nil }
            scalar = escaped
        }
        return scalars.isEmpty ? nil : scalar
    }

    /// Whether the pattern matches the whole text; `*` and `?` do not match `/`.
    public func matches(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var part = 0
        var position = 0
        var star: (part: Int, position: Int)?
        while position < scalars.count || part < parts.count {
            if part < parts.count {
                if parts[part] == .any {
                    star = (part, position)
                    part += 1
                    continue
                }
                if position < scalars.count, Self.fits(parts[part], scalars[position]) {
                    part += 1
                    position += 1
                    continue
                }
            }
            // Backtracks: the last star takes one more character.
            guard let last = star, last.position < scalars.count, scalars[last.position] != "/" else { return false }
            star = (last.part, last.position + 1)
            part = last.part + 1
            position = last.position + 1
        }
        return true
    }

    private static func fits(_ part: Part, _ scalar: Unicode.Scalar) -> Bool {
        switch part {
        case .any: false
        case .one: scalar != "/"
        case .literal(let literal): scalar == literal
        case .ranges(let ranges, let isNegated): ranges.contains { $0.contains(scalar) } != isNegated
        }
    }

    // MARK: - Two patterns

    /// Whether some text matches both patterns.
    public func overlaps(_ other: GlobPattern) -> Bool {
        // `reached[j]`: some text matches both the parts so far and the first j parts of the other pattern.
        var reached = [true]
        for part in other.parts { reached.append(reached[reached.count - 1] && part == .any) }
        for part in parts {
            var next = [part == .any && reached[0]]
            for (index, theirs) in other.parts.enumerated() {
                let fits: Bool
                switch (part, theirs) {
                case (.any, .any): fits = reached[index + 1] || next[index]
                // A star takes one more character, or ends before it.
                case (.any, _): fits = reached[index + 1] || next[index] && Self.meet(.one, theirs)
                case (_, .any): fits = next[index] || reached[index + 1] && Self.meet(part, .one)
                default: fits = reached[index] && Self.meet(part, theirs)
                }
                next.append(fits)
            }
            reached = next
        }
        return reached[other.parts.count]
    }

    /// Whether some character matches both.
    private static func meet(_ one: Part, _ other: Part) -> Bool {
        // Classes can differ only at the ends of ranges.
        let candidates = [one, other].flatMap { part -> [Unicode.Scalar] in
            switch part {
            case .any, .one: ["a"]
            case .literal(let literal): [literal]
            case .ranges(let ranges, _):
                ranges.flatMap { range in
                    [range.lowerBound, range.upperBound, range.lowerBound.before, range.upperBound.after].compactMap {
                        $0
                    }
                } + ["a"]
            }
        }
        return candidates.contains { fits(one, $0) && fits(other, $0) }
    }
}

extension Unicode.Scalar {
    fileprivate var before: Unicode.Scalar? { value == 0 ? nil : Unicode.Scalar(value - 1) ?? "\u{D7FF}" }
    fileprivate var after: Unicode.Scalar? { Unicode.Scalar(value + 1) ?? (value == 0xD7FF ? "\u{E000}" : nil) }
}
