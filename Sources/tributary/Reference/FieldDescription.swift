/// The description of a field, taken apart.
struct FieldDescription {
    /// What it means, without the default.
    let meaning: String
    /// What the field is if it is absent, as the sentence "Defaults to …" says.
    let standard: String?
    /// The words that the description gives as examples, the best first.
    let samples: [String]

    init(_ text: String) {
        let sentences = Self.sentences(of: text)
        let opening = "Defaults to "
        standard = sentences.first { $0.hasPrefix(opening) }.map {
            let rest = $0.dropFirst(opening.count)
            return String(rest.hasSuffix(".") ? rest.dropLast() : rest)
        }
        meaning = sentences.filter { !$0.hasPrefix(opening) }.joined(separator: " ")
        samples = ["such as ", opening].flatMap { Self.words(after: $0, in: text) }
    }

    /// A sentence ends with a full stop and a blank, before a capital letter.
    private static func sentences(of text: String) -> [String] {
        var result: [String] = []
        var rest = text[...]
        while let end = rest.ranges(of: ". ").first(where: { rest[$0.upperBound...].first?.isUppercase == true }) {
            result.append(String(rest[..<end.lowerBound]) + ".")
            rest = rest[end.upperBound...]
        }
        return result + (rest.isEmpty ? [] : [String(rest)])
    }

    /// The words right after a phrase that look like values, and not like words of a sentence.
    private static func words(after phrase: String, in text: String) -> [String] {
        text.ranges(of: phrase).compactMap { range in
            var word = text[range.upperBound...].prefix { $0 != " " && $0 != "," && $0 != ";" }
            while let last = word.last, ".:)".contains(last) { word = word.dropLast() }
            let isProse = word.allSatisfy { $0.isLetter && $0.isLowercase } || word.contains("'")
            return isProse ? nil : String(word)
        }
    }
}
