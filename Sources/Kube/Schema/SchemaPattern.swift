/// Why a pattern cannot be used.
struct SchemaPatternError: Error, CustomStringConvertible {
    let pattern: String
    let reason: String
    var description: String { "the pattern \"\(pattern)\" cannot be used: \(reason)" }
}

/// A compiled pattern of a schema.
///
/// Swift's regular expressions behave like RE2 for the patterns of schemas, except for three differences, which are
/// corrected here: RE2 matches scalars rather than characters, its classes are ASCII, and its `$` is the end of the
/// text.
final class SchemaPattern: Sendable {
    // A Regex is not Sendable because it compiles itself on first use.
    private let regex: Locked<Regex<AnyRegexOutput>>

    /// The cache of compiled patterns, emptied when full: schemas are few, but a test server may see many.
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

    /// The compiled pattern, from the cache if possible.
    static func compiled(_ pattern: String) throws(SchemaPatternError) -> SchemaPattern {
        if let known = cache.withLock({ $0[pattern] }) { return known }
        let compiled = try SchemaPattern(pattern)
        cache.withLock { cache in
            if cache.count >= cacheLimit { cache.removeAll() }
            cache[pattern] = compiled
        }
        return compiled
    }

    /// Whether the pattern matches anywhere in a text.
    func isFound(in text: String) -> Bool {
        // Matching throws only for custom parsers, which a pattern from a string cannot have.
        regex.withLock { regex in (try? regex.firstMatch(in: text)) != nil }
    }

    /// The pattern with `\z` for each `$` anchor: `$` would also match before a final line break.
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
