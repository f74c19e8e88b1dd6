extension String {
    /// This text for messages and logs: with blanks for control characters, cut after `limit` characters.
    func onOneLine(limit: Int) -> String {
        var line = ""
        var count = 0
        for scalar in unicodeScalars {
            guard count < limit else { return line + "…" }
            let isControl =
                scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || scalar.value == 0x2028 || scalar.value == 0x2029
            line.unicodeScalars.append(isControl ? " " : scalar)
            count += 1
        }
        return line
    }

    /// This text with a lowercase first letter, unless its first word is an abbreviation.
    var lowercasedFirst: String {
        guard let first, let second = dropFirst().first, first.isUppercase, !second.isUppercase else { return self }
        return first.lowercased() + dropFirst()
    }
}

extension StringProtocol {
    /// This text without white space at both ends.
    var trimmed: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
        while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
        return String(rest)
    }
}
