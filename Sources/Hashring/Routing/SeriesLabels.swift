/// A series' labels, sorted by name as remote write sends them.
public struct SeriesLabels: Sendable, Hashable, CustomStringConvertible {
    /// The labels, with `__name__` for the name of the metric.
    public let labels: [(name: String, value: String)]

    /// A series. Labels with an empty value are dropped, as Prometheus does.
    public init(_ labels: [String: String]) {
        self.labels = labels.filter { !$0.value.isEmpty }.map { (name: $0.key, value: $0.value) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// The hash by which Thanos places the series of a tenant (`labelpb.HashWithPrefix`).
    public func hash(tenant: String) -> UInt64 {
        var bytes = Array(tenant.utf8)
        bytes.append(0xFF)
        for label in labels {
            bytes += label.name.utf8
            bytes.append(0xFF)
            bytes += label.value.utf8
            bytes.append(0xFF)
        }
        return XXH64.hash(bytes)
    }

    /// The series as Prometheus writes it: `{__name__="up", job="node"}`.
    public var description: String {
        let parts = labels.map { label in
            let value = label.value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                .replacing("\n", with: "\\n")
            return "\(label.name)=\"\(value)\""
        }
        return "{\(parts.joined(separator: ", "))}"
    }

    public static func == (left: SeriesLabels, right: SeriesLabels) -> Bool {
        left.labels.elementsEqual(right.labels) { $0 == $1 }
    }

    public func hash(into hasher: inout Hasher) {
        for label in labels {
            hasher.combine(label.name)
            hasher.combine(label.value)
        }
    }
}

/// Why text is not a series.
public struct SeriesSyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was expected and what was found; lower case, on one line.
    public var description: String
}

extension SeriesLabels {
    /// Reads a series as PromQL writes it: `up`, `up{job="node"}` or `{__name__="up", job="node"}`; throws
    /// ``SeriesSyntaxError``.
    public init(parsing text: String) throws(SeriesSyntaxError) {
        var reader = SeriesReader(rest: Array(text)[...])
        self.init(try reader.read())
    }
}

private struct SeriesReader {
    var rest: ArraySlice<Character>
    var labels: [String: String] = [:]

    mutating func read() throws(SeriesSyntaxError) -> [String: String] {
        skipBlanks()
        if rest.first != "{" {
            let name = word()
            guard !name.isEmpty else { throw fault("a metric's name or \"{\"") }
            labels["__name__"] = name
            skipBlanks()
            if rest.isEmpty { return labels }
        }
        try take("{")
        while rest.first != "}" {
            try readLabel()
            guard rest.first == "," else { break }
            rest.removeFirst()
            skipBlanks()
        }
        try take("}")
        guard rest.isEmpty else { throw fault("the end") }
        return labels
    }

    private mutating func readLabel() throws(SeriesSyntaxError) {
        let isQuoted = rest.first == "\"" || rest.first == "'"
        var name = isQuoted ? try quoted() : word()
        guard !name.isEmpty else { throw fault("a label's name") }
        skipBlanks()
        let value: String
        if isQuoted, rest.first != "=" {
            (name, value) = ("__name__", name)
        } else {
            try take("=")
            value = try quoted()
        }
        guard labels.updateValue(value, forKey: name) == nil else {
            throw SeriesSyntaxError(description: "the label \"\(name)\" is given twice")
        }
        skipBlanks()
    }

    private func fault(_ expected: String) -> SeriesSyntaxError {
        let found = rest.isEmpty ? "the end" : "\"\(String(rest.prefix(20)))\""
        return SeriesSyntaxError(description: "expected \(expected), found \(found)")
    }

    private mutating func skipBlanks() { rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "\n" } }

    private mutating func take(_ character: Character) throws(SeriesSyntaxError) {
        guard rest.first == character else { throw fault("\"\(character)\"") }
        rest.removeFirst()
        skipBlanks()
    }

    private mutating func word() -> String {
        let word = rest.prefix { $0 == "_" || $0 == ":" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
        rest = rest.dropFirst(word.count)
        return String(word)
    }

    private mutating func quoted() throws(SeriesSyntaxError) -> String {
        guard let quote = rest.first, quote == "\"" || quote == "'" else { throw fault("a value in quotes") }
        rest.removeFirst()
        var text = ""
        while let character = rest.popFirst() {
            if character == quote { return text }
            guard character == "\\" else {
                text.append(character)
                continue
            }
            switch rest.popFirst() {
            case "n": text.append("\n")
            case "t": text.append("\t")
            case "r": text.append("\r")
            case "\\": text.append("\\")
            case "\"": text.append("\"")
            case "'": text.append("'")
            default: throw SeriesSyntaxError(description: "a backslash should precede n, t, r, a backslash or a quote")
            }
        }
        throw SeriesSyntaxError(description: "a quote is not closed")
    }
}
