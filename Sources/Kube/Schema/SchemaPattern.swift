/// Why a pattern cannot be used.
struct SchemaPatternError: Error, CustomStringConvertible {
    let pattern: String
    let reason: String
    var description: String { "the pattern \"\(pattern)\" cannot be used: \(reason)" }
}

/// A schema's pattern, ready to be searched for.
///
/// Swift's regular expressions do what RE2's do for the patterns that schemas have; three things differ and are
/// set right here: RE2 looks at scalars and not at characters, its classes are ASCII's, and its `$` is the very end.
final class SchemaPattern: Sendable {
    // A Regex is not Sendable, since it compiles itself on first use.
    private let regex: Locked<Regex<AnyRegexOutput>>

    /// The patterns that were compiled; schemas are few, but a test server may see many, so the cache is emptied.
    private static let cache = Locked<[String: SchemaPattern]>([:])
    private static let cacheLimit = 1024

    private init(_ pattern: String) throws(SchemaPatternError) {
        guard pattern.utf8.count <= 10_000 else {
            throw SchemaPatternError(pattern: String(pattern.prefix(40)) + "…", reason: "it is longer than 10000 bytes")
        }
        do {
            regex = Locked(
                try Regex(Self.withExactEnd(pattern)).matchingSemantics(.unicodeScalar).asciiOnlyDigits()
                    .asciiOnlyWhitespace().asciiOnlyWordCharacters().asciiOnlyCharacterClasses())
        } catch {
            throw SchemaPatternError(
                pattern: pattern, reason: "\(error)".split(separator: "\n").first.map(String.init) ?? "it is malformed")
        }
    }

    /// A pattern's search, from the cache where it was used before.
    static func compiled(_ pattern: String) throws(SchemaPatternError) -> SchemaPattern {
        if let known = cache.withLock({ $0[pattern] }) { return known }
        let compiled = try SchemaPattern(pattern)
        cache.withLock { cache in
            if cache.count >= cacheLimit { cache.removeAll() }
            cache[pattern] = compiled
        }
        return compiled
    }

    /// Whether the pattern is found in a text.
    func isFound(in text: String) -> Bool {
        regex.withLock { regex in (try? regex.firstMatch(in: text)) != nil }
    }

    /// The pattern with each `$` that stands for the end as `\z`, which no line break can precede.
    private static func withExactEnd(_ pattern: String) -> String {
        guard pattern.contains("$"), !pattern.contains("(?m") else { return pattern }
        var result = ""
        var isEscaped = false
        var isInClass = false
        for scalar in pattern.unicodeScalars {
            if isEscaped {
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else if scalar == "[" {
                isInClass = true
            } else if scalar == "]" {
                isInClass = false
            } else if scalar == "$", !isInClass {
                result += "\\z"
                continue
            }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
