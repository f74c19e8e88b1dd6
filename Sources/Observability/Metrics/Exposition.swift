/// Writes the text exposition format 0.0.4 of Prometheus.
struct Exposition {
    private(set) var text = ""

    /// Starts a metric family.
    mutating func family(_ name: String, help: String, type: String) {
        text += "# HELP \(name) \(Self.escape(help, quotes: false))\n# TYPE \(name) \(type)\n"
    }

    /// Writes the samples of one series.
    mutating func samples(
        of name: String, labels: [String] = [], values: [String] = [], _ body: (inout Samples) -> Void
    ) {
        var samples = Samples(name: name, labels: zip(labels, values).map { Self.label($0, $1) })
        body(&samples)
        text += samples.text
    }

    /// The samples of one series.
    struct Samples {
        fileprivate let name: String
        fileprivate let labels: [String]
        fileprivate var text = ""

        /// Adds the only sample of a series.
        mutating func sample(_ value: Double) { sample("", value) }

        /// Adds a sample whose name has a suffix, with one more label if given.
        mutating func sample(_ suffix: String, _ value: Double, label: (name: String, value: String)? = nil) {
            let labels = labels + (label.map { [Exposition.label($0.name, $0.value)] } ?? [])
            let list = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
            text += "\(name)\(suffix)\(list) \(Exposition.number(value))\n"
        }
    }

    private static func label(_ name: String, _ value: String) -> String {
        "\(name)=\"\(escape(value, quotes: true))\""
    }

    /// A number in the syntax of Prometheus, with `+Inf`, `-Inf` and `NaN`.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let integer = Int64(exactly: value) { return String(integer) }
        return "\(value)"
    }

    private static func escape(_ text: String, quotes: Bool) -> String {
        guard
            text.utf8.contains(where: {
                $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\"")
            })
        else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Whether text is a valid metric name: `[a-zA-Z_:][a-zA-Z0-9_:]*`.
    static func isValidName(_ text: String) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: ":")
        }
        guard let first = text.utf8.first, isLetter(first) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
