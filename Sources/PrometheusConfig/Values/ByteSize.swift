/// The syntax of sizes in Prometheus's configuration (`alecthomas/units`).
enum ByteSize {
    /// The bytes of a size such as `0`, `512KB` or `1.5GiB`; nil for any other text, and for a size beyond 64 bits.
    ///
    /// Units are powers of 1024, with and without `i`.
    static func bytes(_ text: String) -> Double? {
        if text == "0" { return 0 }
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(number.count)
        guard let value = Double(number), value < most, number.last != ".", unit.hasSuffix("B") else { return nil }
        var prefix = unit.dropLast()
        if prefix.last == "i" { prefix = prefix.dropLast() }
        if prefix.isEmpty { return unit == "B" ? value : nil }
        guard prefix.count == 1, let power = Array("KMGTPE").firstIndex(of: prefix[prefix.startIndex]) else {
            return nil
        }
        let bytes = (0...power).reduce(value) { size, _ in size * 1024 }
        return bytes < most ? bytes : nil
    }

    /// Whether Prometheus reads a text as a size. Unlike ``bytes(_:)``, this includes sums such as `1GB512MB`, in which
    /// all units have an `i` or none has, and signs.
    static func isReadable(_ text: String) -> Bool {
        var rest = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        if rest == "0" { return true }
        guard !rest.isEmpty else { return false }
        var styles: Set<Bool> = []
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            let unit = rest.dropFirst(number.count).prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
            rest = rest.dropFirst(number.count + unit.count)
            let whole = number.hasPrefix(".") ? "0\(number)" : number.hasSuffix(".") ? "\(number)0" : "\(number)"
            guard bytes(whole + unit) != nil, !unit.isEmpty else { return false }
            if unit != "B" { styles.insert(unit.contains("i")) }
        }
        return styles.count < 2
    }

    /// Slightly less than 2⁶³, beyond which Prometheus refuses a size.
    private static let most = 9.2e18

    /// The problem of a text that is not a size.
    static func problem(_ text: String) -> String {
        "\"\(text)\" is not a valid size; expected for example 512KB or 10MiB"
    }
}
