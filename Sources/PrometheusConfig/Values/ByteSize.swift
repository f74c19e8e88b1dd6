/// The syntax of sizes in Prometheus's configuration (`alecthomas/units`).
enum ByteSize {
    /// The bytes of a size such as `0`, `512KB` or `1.5GiB`; nil for any other text.
    ///
    /// Units are powers of 1024, with and without `i`.
    static func bytes(_ text: String) -> Double? {
        if text == "0" { return 0 }
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(number.count)
        guard let value = Double(number), value.isFinite, number.last != ".", unit.hasSuffix("B") else { return nil }
        var prefix = unit.dropLast()
        if prefix.last == "i" { prefix = prefix.dropLast() }
        if prefix.isEmpty { return unit == "B" ? value : nil }
        guard prefix.count == 1, let power = Array("KMGTP").firstIndex(of: prefix[prefix.startIndex]) else {
            return nil
        }
        return (0...power).reduce(value) { size, _ in size * 1024 }
    }
}
