/// The names of labels and what they may look like, by Prometheus's `model.LabelName`.
public enum LabelName {
    /// Whether text is a label name as every version takes it: `[a-zA-Z_][a-zA-Z0-9_]*`.
    public static func isValid(_ text: some StringProtocol) -> Bool {
        guard let first = text.utf8.first, !isDigit(first) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || isDigit($0) }
    }

    /// Whether text can be a relabelling target, where `$1` and `${name}` stand for what the expression found.
    static func isValidTemplate(_ text: String) -> Bool {
        var name = ""
        var rest = Substring(text)
        while let character = rest.popFirst() {
            guard character == "$" else {
                name.append(character)
                continue
            }
            let reference: Substring
            if rest.first == "{" {
                guard let end = rest.firstIndex(of: "}") else { return false }
                reference = rest[rest.index(after: rest.startIndex)..<end]
                rest = rest[rest.index(after: end)...]
            } else {
                reference = rest.prefix { $0.utf8.allSatisfy { isLetter($0) || isDigit($0) } }
                rest = rest.dropFirst(reference.count)
            }
            guard !reference.isEmpty, reference.utf8.allSatisfy({ isLetter($0) || isDigit($0) }) else { return false }
            name += "_"
        }
        return isValid(name)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
