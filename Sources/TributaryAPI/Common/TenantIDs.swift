import Kube

/// The syntax of ids and of patterns for ids.
enum TenantIDs {
    /// A regular expression for ids, in RE2 syntax.
    static let pattern = "^[A-Za-z0-9!_.*'()@:+=~-]+$"
    /// A regular expression for ids and patterns, whose brackets need not match.
    static let patternOrGlob = #"^[A-Za-z0-9!_.*'()@:+=~?\[\]^\\-]+$"#

    /// A regular expression for the patterns that `filepath.Match` in Go accepts, as ``GlobPattern`` does.
    static var wellFormedGlob: String {
        let character = #"([^\\\]-]|\\.)"#
        let range = "\(character)(-\(character))?"
        // A caret in first position is not a character of the class but negates it.
        let first = #"(\^"# + range + #"|([^\\\]^-]|\\.)(-"# + character + ")?)"
        return #"^([^\\\[]|\\.|\["# + first + "(\(range))*" + #"\])+$"#
    }

    /// Whether a byte may occur in an id.
    static func isPartOfID(_ byte: UInt8) -> Bool { byte.isASCIIAlphanumeric || "!_.*'()@:+=~-".utf8.contains(byte) }
}
