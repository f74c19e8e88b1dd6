/// A pattern as Go's `filepath.Match` reads it: `*`, `?`, `[a-z]`, `[^a]` and `\` before a character that means itself.
public struct GlobPattern: Sendable, Hashable {
    private enum Part: Sendable, Hashable {
        case any
        case one
        case literal(Unicode.Scalar)
        case ranges([ClosedRange<Unicode.Scalar>], isNegated: Bool)
    }

    private let parts: [Part]

    /// Reads a pattern; nil where Go would answer `ErrBadPattern`.
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
            // Go accepts a range that runs backwards; nothing is in it.
            if low <= high { ranges.append(low...high) } else { ranges.append("\u{10FFFF}"..."\u{10FFFF}") }
        }
    }

    /// A character of a range; there has to be more after it, at least the closing bracket.
    private static func rangeEnd(_ scalars: inout ArraySlice<Unicode.Scalar>) -> Unicode.Scalar? {
        guard var scalar = scalars.popFirst(), scalar != "-", scalar != "]" else { return nil }
        if scalar == "\\" {
            guard let escaped = scalars.popFirst() else { return nil }
            scalar = escaped
        }
        return scalars.isEmpty ? nil : scalar
    }

    /// Whether the whole text fits; `*` and `?` do not match `/`.
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
            // Goes back to the last star and lets it take one character more.
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
}
