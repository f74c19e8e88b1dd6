/// Finds the name that somebody probably meant.
package enum Nearest {
    /// The most similar of some names; nil if none is similar enough.
    ///
    /// Names that differ in case, `_` and `-` alone are the same name written in another style, and come first.
    package static func name(to wanted: String, among names: some Collection<String>) -> String? {
        let plain = plain(wanted)
        let sorted = names.filter { $0 != wanted }.sorted()
        let near = sorted.map { (name: $0, distance: distance(plain, Self.plain($0))) }
            .filter { $0.distance <= max(1, plain.count / 3) }
            .min { $0.distance < $1.distance }
        if let near { return near.name }
        guard plain.count > 2 else { return nil }
        return sorted.first { Self.plain($0).count > 2 && contains(Self.plain($0), plain) }
    }

    /// `. Did you mean "…"?`, or nothing.
    package static func question(_ wanted: String, among names: some Collection<String>) -> String {
        name(to: wanted, among: names).map { ". Did you mean \"\($0)\"?" } ?? ""
    }

    /// Names of objects and fields are shorter than this, and the comparison takes the square of it.
    private static let longest = 80

    private static func plain(_ name: String) -> [UInt8] {
        name.lowercased().utf8.prefix(longest).filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }
    }

    private static func contains(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.starts(with: right) || right.starts(with: left) || left.reversed().starts(with: right.reversed())
            || right.reversed().starts(with: left.reversed())
    }

    /// The number of bytes to insert, remove or replace: the Levenshtein distance.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let replaced = diagonal + (byte == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
