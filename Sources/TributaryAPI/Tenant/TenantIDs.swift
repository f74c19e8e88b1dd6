import Kube

/// What ids and patterns of ids are made of.
enum TenantIDs {
    /// Whole ids, as RE2 has it.
    static let pattern = "^[A-Za-z0-9!_.*'()@:+=~-]+$"
    /// Ids and patterns.
    static let patternOrGlob = #"^[A-Za-z0-9!_.*'()@:+=~?\[\]^\\-]+$"#

    /// Patterns that Go's `filepath.Match` takes: what ``GlobPattern`` reads.
    static var wellFormedGlob: String {
        let character = #"([^\\\]-]|\\.)"#
        let range = "\(character)(-\(character))?"
        // A caret that comes first is no character but turns the brackets round.
        let first = #"(\^"# + range + #"|([^\\\]^-]|\\.)(-"# + character + ")?)"
        return #"^([^\\\[]|\\.|\["# + first + "(\(range))*" + #"\])+$"#
    }

    static func isPartOfID(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || "!_.*'()@:+=~-".utf8.contains(byte) }

    static func isLabelName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !isDigit(first), !name.hasPrefix("__") else { return false }
        return name.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte < 128 && Unicode.Scalar(byte).properties.isAlphabetic)
    }
}
